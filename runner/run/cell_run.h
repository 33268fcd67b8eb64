/* The steps of one cell around its run: what it is told before, and what is put right after. */
#ifndef ENOMEM_RUN_CELL_RUN_H
#define ENOMEM_RUN_CELL_RUN_H

#include "run/scheduler.h"

/* -EPERM when the cell's environment cannot set all that its configuration says: it is to be skipped. */
int cell_check_settable(const struct cell *cell, struct err *err);

/*
 * Fill the result's isolation and specification. -EPERM or -ENOSPC: the cell cannot run here, and is
 * to be skipped; others: it is broken.
 */
int cell_specify(const struct schedule *schedule, struct result *result, struct err *err);

/* Undo what the cell alone changed; that it is not undone is worse than anything that it measured. */
void cell_settle(const struct schedule *schedule, struct observation *observation);

/* What the witness says, or why there is none, goes into the result and its verdict. */
void cell_hear_witness(const struct schedule *schedule, struct result *result);

/* Put the numbers as they would be into the first snapshot. True when capabilities would count. */
bool cell_imagine(const struct schedule *schedule, struct result *result);

#endif
