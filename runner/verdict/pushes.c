#include "verdict/pushes.h"

static void relax_limit(struct limit *limit, uint64_t bytes)
{
	if (limit->soft != UNLIMITED)
		limit->soft += bytes;
}

/* The state (and operation) as if the push had been made before the first request. */
static void relax(const struct push *push, struct model_state *state, struct operation *operation)
{
	switch (push->kind) {
	case PUSH_LIMIT:
		relax_limit(push->resource == LIMIT_AS ? &state->as : &state->data, push->amount);
		break;
	case PUSH_PAGES:
		state->total_pages -= push->amount;
		break;
	case PUSH_MAPS:
		state->map_count -= push->amount;
		break;
	case PUSH_COMMIT:
		state->total_pages -= push->amount;
		state->data_pages -= push->amount;
		state->accounted_pages -= push->amount;
		state->commit.committed_pages -= push->amount;
		break;
	case PUSH_EXEMPT:
		for (unsigned i = 0; i < operation->count; i++)
			operation->requests[i].noreserve = true;
		break;
	case PUSH_KINDS:
		break;
	}
}

static uint64_t predict_accepted(const struct cell *cell, const struct model_state *state,
                                 const struct operation *operation, uint64_t at_most)
{
	if (cell->scenario->is_size)
		return predict_size(state, operation, at_most).central;
	return predict_count(state, operation, at_most).central;
}

void pushes_judge(const struct cell *cell, const struct specification *specification,
                  const struct observation *observation, const struct model_state *before, struct verdict *verdict)
{
	struct model_state state = *before;
	struct operation operation = cell->operation;
	uint64_t accepted = predict_accepted(cell, &state, &operation, observation->at_most);
	bool moved = false, wrong = false;

	for (unsigned i = 0; i < observation->push_count; i++) {
		const struct push_result *result = &observation->pushes[i];
		struct push_judgement *judgement = &verdict->pushes[i];
		uint64_t now;

		if (result->error)
			continue;
		relax(&specification->pushes[i], &state, &operation);
		now = predict_accepted(cell, &state, &operation, observation->at_most);
		judgement->tried = true;
		judgement->predicted_more = now > accepted ? now - accepted : 0;
		judgement->agrees = judgement->predicted_more == result->more;
		accepted = now;
		wrong |= !judgement->agrees;
		moved |= judgement->agrees && result->more > 0;
	}
	verdict->push = wrong ? DISAGREES : moved ? AGREES : ABSENT;
}
