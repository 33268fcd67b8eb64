/* A record: what comparing needs of one result of a results file. Pure. */
#ifndef ENOMEM_COMPARE_RECORD_H
#define ENOMEM_COMPARE_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "compare/facts.h"
#include "support/err.h"

/* What the kernel did, and what was made of it. Texts are "" where the result has none. */
struct measured {
	bool refused;
	uint64_t accepted; /* in `unit`; 0 when nothing was refused */
	bool by_chance;    /* a baseline that has no number: address space layout is random */
	char unit[16];     /* "operations" or "pages" */
	char call[16];
	char error[16];     /* "ENOMEM": the kernel's errno */
	char api_error[16]; /* the C library's */
	char end[48];       /* how a start that was refused ended */
	char check[64];     /* of the cause */
	char left[8];       /* of a mapping that was to be replaced: "kept" or "hole" */
	char verdict[16];
	char function[64];  /* in which that check stands, and which the witness saw: where the kernel has it, not */
	char witness[64];   /* what it does, so they are not compared */
	uint64_t disturbed; /* of an EXACT one: how far others moved it, in `unit` */
};

/* The prediction that the file has. */
struct recorded_prediction {
	bool known, refused;
	uint64_t least, most; /* the same without a band */
};

struct record {
	uint64_t line; /* in its file, from 1 */
	char *scenario;
	char *parameters; /* compare/assignments.h */
	char *configuration;
	char *environment;
	uint64_t repeat; /* 1, 2, ... */
	struct measured measured;
	struct recorded_prediction prediction;
	char *settings;      /* compare/assignments.h, values as JSON; NULL when it has none */
	struct facts *facts; /* NULL: `missing` says what the model lacks */
	const char *missing;
};

/*
 * Take what is needed of one result. -EINVAL: what is wrong with it, with the member's name but
 * neither file nor line; -ENOMEM. Release with record_free(), which takes a half-made one too.
 */
int record_from_json(const json_t *result, struct record *ret, struct err *err);
void record_free(struct record *record);

/* Order by scenario, parameters, configuration, environment (unless `any_environment`) and repeat. */
int record_compare(const struct record *a, const struct record *b, bool any_environment);

/* "many-mmaps (backing=file, pages=1) [default in ns], repeat 2"; cut to `size`. */
void record_label(const struct record *record, bool any_environment, char *buffer, size_t size);

#endif
