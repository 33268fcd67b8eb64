/* The rows of `enomem run` on stdout, for people and as KTAP. */
#ifndef ENOMEM_RUN_ROWS_H
#define ENOMEM_RUN_ROWS_H

#include "run_report.h"

/*
 * Print what can be: rows come in the order of the plan, so an early one may have to wait for its
 * predecessors; at the end, which may be an interrupt, for none. What was printed is released.
 */
void run_rows_print(struct run_report *report, bool at_end);

/* Compare a result with the file of --against: as against_add(). */
int run_compare(struct run_report *report, const struct result *result, struct pair *ret, struct err *err);

#endif
