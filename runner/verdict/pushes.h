/* What each push should have moved, by the model. */
#ifndef ENOMEM_VERDICT_PUSHES_H
#define ENOMEM_VERDICT_PUSHES_H

#include "verdict/verdict.h"

/*
 * Fill verdict->pushes and verdict->push. The pushes stay in force one after the other, so each is
 * judged by the difference between the prediction with and without it. AGREES needs every push
 * that was made to have moved the refusal as far as the model says, and at least one that moved it.
 */
void pushes_judge(const struct cell *cell, const struct specification *specification,
		  const struct observation *observation, const struct model_state *before, struct verdict *verdict);

#endif
