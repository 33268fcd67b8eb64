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
	size_t moved;         /* complete pairs that are not the same, but for those that follow */
	size_t followed;      /* compare/follow.h */
	size_t missing;       /* cells that one file has alone */
	size_t missing_after; /* of these, cells that AFTER has not */
	bool partial;         /* AFTER was not meant to have all of BEFORE: what it has not is only counted */
	bool lists_functions; /* print for people, too, where checks moved to another function */
};

/*
 * Read and pair. Errors are those of results_read() and pairing_make(). Release with
 * comparison_free(), which takes a zeroed one and a half-made one, too.
 */
int comparison_make(const char *before, const char *after, struct comparison_set *ret, struct err *err);
void comparison_free(struct comparison_set *comparison);

/* Judge which pairs follow sizes, and count anew: before printing. Only -ENOMEM is an error. */
int comparison_judge(struct comparison_set *comparison, const struct catalogue *catalogue, struct err *err);

/* Count what moved and what is missing, once the cells are paired: for comparison_make(), tests and fuzzers. */
void comparison_count(struct comparison_set *comparison);

/* Whether the files as a whole differ in this. A baseline says of a host only what matters. */
bool comparison_host_differs(const struct comparison_set *comparison, enum host_fact fact);

/* Whether a pair is complete and not the same on both sides, and does not follow sizes. */
bool comparison_moved(const struct pair *pair);

/*
 * Print for people, or as one JSON object (results/README.md). What stands in them depends on the
 * files and the catalogue alone. -ENOMEM; whether the stream took it is the caller's to ask.
 * comparison_print_pair() prints what moved in one cell, and why, without an empty line at its end;
 * comparison_print_tally() what is said of all together, with `prefix` before each line.
 */
void comparison_print_tally(FILE *stream, const char *prefix, const struct comparison_set *comparison);
int comparison_print_text(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			  struct err *err);
int comparison_print_pair(FILE *stream, bool any_environment, const struct pair *pair,
			  const struct catalogue *catalogue, struct err *err);
int comparison_print_json(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			  struct err *err);

#endif
