/* Baselines made of results (lib/results.h), and read again. */
#ifndef ENOMEM_TESTS_BASELINES_H
#define ENOMEM_TESTS_BASELINES_H

#include "compare/comparison.h"
#include "lib/results.h"

/* The baseline of an array of results, whose command is "make it"; takes over the reference. To be freed. */
char *baseline_of(json_t *results);

/* The lines of a text as a file named "FILE": 0, or the error that refuses it. */
int results_add_text(struct results *results, const char *text, struct err *err);

/* Pair, judge, and print for people. To be freed. */
char *comparison_text(struct comparison_set *comparison, const struct catalogue *catalogue);

#endif
