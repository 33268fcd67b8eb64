/*
 * The two loops, one for each shape. Both stop at the first refusal with the record filled in,
 * and can be entered again after a relief to go on from where they stopped.
 */
#ifndef ENOMEM_SCENARIOS_LOOP_H
#define ENOMEM_SCENARIOS_LOOP_H

#include "scenarios/lib/scenario.h"

/* Repeat `step` from record->accepted on. RECORD_REFUSED, or RECORD_DONE at record->at_most. */
enum record_state loop_count(struct run *run);

/*
 * Bisect for the largest accepted size up to record->at_most. At RECORD_REFUSED the first refused
 * size has just been tried again, so what that trial left stands for inspection.
 */
enum record_state loop_size(struct run *run);

#endif
