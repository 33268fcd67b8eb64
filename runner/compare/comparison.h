/*
 * A comparison: two results files, read, paired, and every pair that is not the same explained.
 */
#ifndef ENOMEM_COMPARE_COMPARISON_H
#define ENOMEM_COMPARE_COMPARISON_H

#include <stdio.h>

#include "compare/explain.h"
#include "compare/pairing.h"

struct comparison_set {
	struct results before, after;
	struct pairing pairing;
	size_t moved;   /* complete pairs that are not the same */
	size_t missing; /* cells that one file has alone */
};

/*
 * Read and pair. Errors are those of results_read() and pairing_make(). Release with
 * comparison_free(), which takes a zeroed one and a half-made one, too.
 */
int comparison_make(const char *before, const char *after, struct comparison_set *ret, struct err *err);
void comparison_free(struct comparison_set *comparison);

/* Count what moved and what is missing, once the cells are paired: for comparison_make(), tests and fuzzers. */
void comparison_count(struct comparison_set *comparison);

/* Whether a pair is complete and not the same on both sides. */
bool comparison_moved(const struct pair *pair);

/*
 * Print for people, or as one JSON object (results/README.md). What stands in them depends on the
 * files and the catalogue alone. -ENOMEM; whether the stream took it is the caller's to ask.
 */
int comparison_print_text(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			  struct err *err);
int comparison_print_json(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			  struct err *err);

#endif
