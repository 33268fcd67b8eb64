/*
 * Running the cells of guests: one boot runs all cells of a kernel and a shape of guest, several guests run
 * side by side. A guest that dies, hangs or says something damaged is started again once for what is left of
 * its cells; the cell that it dies of twice is BROKEN.
 */
#ifndef ENOMEM_RUN_GUESTS_H
#define ENOMEM_RUN_GUESTS_H

#include "run/scheduler.h"

/* As schedule_run(), for a stage whose cells are all of environment vm. */
int guests_run(struct schedule *schedule);

#endif
