/* Which cell of one file is which of the other. Pure. */
#ifndef ENOMEM_COMPARE_PAIRING_H
#define ENOMEM_COMPARE_PAIRING_H

#include <stdbool.h>
#include <stddef.h>

#include "compare/results.h"

/* The same cell in both files; one is NULL when that file has it not. */
struct pair {
	const struct record *before, *after;
	bool follows;           /* moved, but only as sizes of the guests do: see compare/follow.h */
	uint64_t follows_facts; /* the sizes, as a bit mask of facts; 0: inside what predictions leave open */
};

struct pairing {
	struct pair *pairs; /* sorted by key, those with one missing among them */
	size_t count;
	size_t complete;      /* of them have both */
	bool any_environment; /* each file has one environment only, and they differ: it is no part of the key */
};

/* Sort the records of a file by key. -EINVAL when it has a cell twice, with both lines. */
int pairing_sort(struct results *results, struct err *err);

/* The one environment of a file that has records; NULL when it has several. */
const char *results_environment(const struct results *results);

/*
 * Pair the cells; sorts the records of both files. -EINVAL when a file has a cell twice, with both
 * lines, or when the files have nothing in common, with what each has; -ENOMEM.
 * Release with pairing_free(), which takes a zeroed one, too. Pairs point into the results.
 */
int pairing_make(struct results *before, struct results *after, struct pairing *ret, struct err *err);
void pairing_free(struct pairing *pairing);

#endif
