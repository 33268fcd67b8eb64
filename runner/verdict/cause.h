/* The model's states of a cell, and which check explains the refusal that stands. Pure. */
#ifndef ENOMEM_VERDICT_CAUSE_H
#define ENOMEM_VERDICT_CAUSE_H

#include "verdict/verdict.h"

/*
 * The state of the first snapshot. Limits in force from exec on are put into it, since it may be of the
 * reference start, made without them; a start under them that succeeds is the same but for them.
 */
struct model_state state_before(const struct cell *cell, const struct specification *specification,
				const struct observation *observation, const struct host_facts *host,
				bool initial_userns);

/* Which check refuses the refused request in the state of the second snapshot: verdict->cause and ->comparison. */
void find_cause(const struct cell *cell, const struct observation *observation, const struct host_facts *host,
		bool initial_userns, struct verdict *verdict);

#endif
