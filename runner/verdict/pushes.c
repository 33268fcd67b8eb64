#include "verdict/pushes.h"

static void relax_limit(struct limit *limit, uint64_t bytes)
{
	if (limit->soft != UNLIMITED)
		limit->soft += bytes;
}

/* The state (and operation) as if the push had been made before the first request. */
static void relax(const struct push *push, bool keeps_pages, struct model_state *state, struct operation *operation)
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
		if (!keeps_pages)
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

static struct prediction predict(const struct cell *cell, const struct model_state *state,
                                 const struct operation *operation, uint64_t at_most)
{
	return cell->scenario->is_size ? predict_size(state, operation, at_most)
	                               : predict_count(state, operation, at_most);
}

/* Operations (or pages) by which the batched counter can be off, where the commit limit decides. */
static uint64_t tolerance(const struct cell *cell, const struct model_state *state, const struct prediction *prediction)
{
	struct model_state after = state_without_limits(state);
	struct refusal_reason none = {0};
	uint64_t charge = 1;

	if (prediction->least == prediction->most)
		return 0;
	if (!cell->scenario->is_size) {
		apply_operation(&after, &cell->operation, &none);
		charge = after.commit.committed_pages - state->commit.committed_pages;
	}
	return 2 * (state->commit.batch_pages - 1) / (charge ? charge : 1) + 1;
}

static bool judge(const struct push_result *result, uint64_t more, uint64_t slack, struct push_judgement *ret)
{
	ret->tried = true;
	ret->least_more = more > slack ? more - slack : 0;
	ret->most_more = more + slack;
	ret->agrees = result->more >= ret->least_more && result->more <= ret->most_more;
	return ret->agrees;
}

void pushes_judge(const struct cell *cell, const struct specification *specification,
                  const struct observation *observation, const struct model_state *before, struct verdict *verdict)
{
	struct model_state state = *before;
	struct operation operation = cell->operation;
	struct prediction last = predict(cell, &state, &operation, observation->at_most);
	bool moved = false, wrong = false;

	for (unsigned i = 0; i < observation->push_count; i++) {
		const struct push_result *result = &observation->pushes[i];
		struct prediction now;
		uint64_t slack;

		if (result->error)
			continue;
		relax(&specification->pushes[i], observation->commit_keeps_pages, &state, &operation);
		now = predict(cell, &state, &operation, observation->at_most);
		slack = tolerance(cell, &state, &last) + tolerance(cell, &state, &now);
		if (!judge(result, now.central > last.central ? now.central - last.central : 0, slack / 2, &verdict->pushes[i]))
			wrong = true;
		moved |= verdict->pushes[i].agrees && verdict->pushes[i].least_more > 0;
		last = now;
	}
	verdict->push = wrong ? DISAGREES : moved ? AGREES : ABSENT;
}
