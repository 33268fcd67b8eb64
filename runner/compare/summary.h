/*
 * Pairs of a comparison that are not worth a paragraph each, in groups: a line says what is alike in them, and
 * how many there are of each scenario.
 */
#ifndef ENOMEM_COMPARE_SUMMARY_H
#define ENOMEM_COMPARE_SUMMARY_H

#include <stdio.h>

#include "compare/pairing.h"

/* A way of grouping. Pairs that are complete are asked. */
struct grouping {
	bool (*belongs)(const struct pair *pair);
	bool (*alike)(const struct pair *a, const struct pair *b);
};

/* Refusals that follow the same sizes; checks, and witnesses, that moved from the same function to the same. */
extern const struct grouping grouping_follows, grouping_functions, grouping_witnesses;

/* The next group: *at is where it begins, to be started with 0 and raised by one after each. False at the end. */
bool summary_next(const struct grouping *grouping, const struct pairing *pairing, size_t *at);

/* How many pairs are in the group that begins at `at`. */
size_t summary_count(const struct grouping *grouping, const struct pairing *pairing, size_t at);

/* Print them for people, each line with `prefix` before it: "6 refusals follow RAM: big-fork x2, ...". */
void summary_print_follows(FILE *stream, const char *prefix, const struct pairing *pairing);
void summary_print_functions(FILE *stream, const char *prefix, const struct pairing *pairing);

#endif
