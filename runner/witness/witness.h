/*
 * The witness of a refusal: which functions of the kernel returned an error while the refused request was
 * made once more, as tracing saw it. It is a record of what was seen; runner/verdict/testimony.h judges it.
 */
#ifndef ENOMEM_WITNESS_WITNESS_H
#define ENOMEM_WITNESS_WITNESS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "support/err.h"

#define WITNESS_NAME_BYTES 40
#define WITNESS_CHAIN_MOST 8
#define WITNESS_FRAMES_MOST 16
#define WITNESS_PROBED_MOST 10

/* How a function says no. */
enum witness_returns {
	RETURNS_ERRNO,   /* an int, negative */
	RETURNS_ADDRESS, /* a long, an address or a pointer, of which the highest 4095 are errnos */
	RETURNS_FALSE,   /* a bool that allows */
	RETURNS_TRUE,    /* a bool that forbids */
	WITNESS_RETURNS,
};

/* One return of one function. */
struct witness_return {
	char function[WITNESS_NAME_BYTES];
	enum witness_returns returns;
	int64_t value;
	char frames[WITNESS_FRAMES_MOST][WITNESS_NAME_BYTES]; /* its callers, the nearest first */
	unsigned frame_count;                                 /* 1 where the kernel gives no stack */
};

struct witness {
	char problem[240]; /* why there is no witness; "" when the refused call was seen */
	int error;         /* what that call returned: a positive errno, 0 for one that shows none (brk) */

	/* What said no on the way, in the order of return: the innermost first. */
	struct witness_return chain[WITNESS_CHAIN_MOST];
	unsigned chain_count;

	/* What could have been seen: the functions that were traced. */
	char probed[WITNESS_PROBED_MOST][WITNESS_NAME_BYTES];
	unsigned probed_count;
};

/* "errno", "address", "false", "true"; also the names of the probes' arguments, see trace.c. */
const char *witness_returns_word(enum witness_returns returns);

/* The return as text: "ENOMEM", "false", "true". Static storage. */
const char *witness_value_text(const struct witness_return *returned);

/* Whether it was among the functions that were traced. */
bool witness_probed(const struct witness *witness, const char *function);

/* Whether what was returned says no. */
bool witness_is_refusal(const struct witness_return *returned);

/* Whether the function answers with a bool. */
bool witness_is_predicate(const struct witness_return *returned);

/*
 * The callers of a return, the nearest first, into `ret`; where the kernel gives no stack, as far as the returns
 * after it tell. Returns how many.
 */
unsigned witness_stack(const struct witness *witness, unsigned index, const char *ret[WITNESS_FRAMES_MOST]);

/* A new reference, NULL when there is no memory: what a guest sends beside its observation. */
json_t *witness_to_json(const struct witness *witness);

/* -EINVAL with the member's name. Bytes from outside: anything may be in it. */
int witness_from_json(const json_t *json, struct witness *ret, struct err *err);

#endif
