/* Cells in which no refusal stands: the start failed, the scenario died, time ran out. */
#ifndef ENOMEM_VERDICT_UNMEASURED_H
#define ENOMEM_VERDICT_UNMEASURED_H

#include "verdict/verdict.h"

/*
 * Whether a limit set before exec keeps the program from starting; *ret then predicts that. Every
 * page of the program is asked for under the limit, and the last request before READY is a checked
 * one (the record page), so the start succeeds when READY's size fits.
 */
bool start_predict(const struct specification *specification, const struct model_state *state, struct prediction *ret);

/* Fill the verdict's word, expectation, evidence and reason from how the cell ended. */
void unmeasured_judge(const struct specification *specification, const struct observation *observation,
		      struct verdict *verdict);

#endif
