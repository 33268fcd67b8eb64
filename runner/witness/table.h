/*
 * From a check of the model to the function of the kernel that returns its error, by call and version: data.
 *
 * Which functions have a symbol, and which the compiler has put into their callers, was found in the
 * symbols of Debian's kernels 5.10, 6.1, 6.12 and 6.17 to 7.3, and by tracing each of them. Another
 * compiler may choose otherwise; so a row only says where a function can be expected, and whoever traces
 * tries all rows of a call and notes what was there.
 */
#ifndef ENOMEM_WITNESS_TABLE_H
#define ENOMEM_WITNESS_TABLE_H

#include "model/version.h"
#include "witness/witness.h"

struct witness_site {
	const char *call;            /* the system call, as a refusal names it: "mmap" */
	kernel_version since, until; /* [since, until) */
	const char *function;        /* NULL: nothing can be seen */
	enum witness_returns returns;
	bool asks;          /* it asks functions that return a bool, and so can be refused by one */
	const char *unless; /* not needed where there is this function; may be NULL */
	const char *checks; /* names of the checks that it stands for when it is the innermost; may be "" */
	const char *how; /* where a check is inlined in it: how that is known; NULL: the function is the check's own */
};

/* The rows of a call in this version, in the table's order: at most `most`; returns how many. */
unsigned witness_sites(kernel_version version, const char *call, const struct witness_site **ret, unsigned most);
#define WITNESS_SITES_MOST 16

/* The row by which the function stands for the check; NULL when it does not. */
const struct witness_site *witness_site_of(kernel_version version, const char *call, const char *function,
					   const char *check);

/* Whether the function is one that can be refused by one that returns a bool. */
bool witness_site_asks(kernel_version version, const char *call, const char *function);

/* Names of the checks that the function stands for in this call, "" for none. */
const char *witness_checks_of(kernel_version version, const char *call, const char *function);

#endif
