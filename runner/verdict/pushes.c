#include "verdict/pushes.h"

#include <string.h>

static struct limit *limit_of(struct model_state *state, enum limit_name name)
{
	return name == LIMIT_AS ? &state->as : name == LIMIT_NPROC ? &state->nproc : &state->data;
}

static void relax_limit(struct limit *limit, uint64_t bytes)
{
	if (limit->soft != UNLIMITED)
		limit->soft += bytes;
}

/*
 * The reserve is the first accounted VMA above the hole that new areas go into, but for the page
 * with which the scenario tried how to give back (a VMA of its own up to 6.4).
 */
static void relax_reserve(struct model_state *state, uint64_t pages)
{
	for (unsigned i = state->gap_index; i < state->accounted_count; i++) {
		if (state->accounted[i].pages > pages) {
			state->accounted[i].pages -= pages;
			return;
		}
	}
}

static void lower(uint64_t *value, uint64_t by)
{
	*value = *value > by ? *value - by : 0;
}

static void relax_knob(const struct push *push, struct model_state *state)
{
	if (strcmp(push->knob, knob_of(KNOB_MAX_MAP_COUNT)->name) == 0)
		state->max_map_count += push->amount;
	else if (strcmp(push->knob, knob_of(KNOB_OVERCOMMIT_KBYTES)->name) == 0)
		state->commit.limit_pages += push->amount * 1024 / state->page_bytes;
	else if (strcmp(push->knob, knob_of(KNOB_PIDS_MAX)->name) == 0 && state->group_pids_max != UNLIMITED)
		state->group_pids_max += push->amount;
}

/* The state (and operation) as if the push had been made before the first request. */
static void relax(const struct push *push, bool keeps_pages, struct model_state *state, struct operation *operation)
{
	switch (push->kind) {
	case PUSH_LIMIT: relax_limit(limit_of(state, push->resource), push->amount); break;
	case PUSH_PAGES: lower(&state->total_pages, push->amount); break;
	case PUSH_MAPS: lower(&state->map_count, push->amount); break;
	case PUSH_COMMIT:
		if (!keeps_pages)
			lower(&state->total_pages, push->amount);
		lower(&state->data_pages, push->amount);
		lower(&state->accounted_pages, push->amount);
		commit_charge(&state->commit, -(int64_t)push->amount);
		relax_reserve(state, push->amount);
		break;
	case PUSH_EXEMPT:
		for (unsigned i = 0; i < operation->count; i++)
			operation->requests[i].noreserve = true;
		break;
	case PUSH_KNOB: relax_knob(push, state); break;
	case PUSH_KINDS: break;
	}
}

/*
 * A count goes on from the state in which its refusal stands, which a refused charge and a first
 * split have changed too; a size is searched anew from the start.
 */
static struct prediction predict(const struct cell *cell, const struct model_state *state,
				 const struct operation *operation, uint64_t at_most)
{
	return cell->scenario->is_size ? predict_size(state, operation, at_most)
				       : predict_count(state, operation, at_most);
}

/* The state in which the refusal of a count stands. */
static void stand_at_refusal(const struct cell *cell, const struct operation *operation, uint64_t accepted,
			     struct model_state *state)
{
	struct refusal_reason ignored = {0};

	if (cell->scenario->is_size)
		return;
	*state = state_after(state, operation, accepted);
	apply_operation(state, operation, &ignored);
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

static void judge(const struct push_result *result, uint64_t more, uint64_t slack, bool exact,
		  struct push_judgement *ret)
{
	uint64_t least = more > slack ? more - slack : 0, most = more + slack;

	ret->tried = true;
	ret->least_more = exact ? more : least;
	ret->most_more = exact ? more : most;
	/* What is exact while nobody else commits memory must stay inside the band when somebody does. */
	ret->agrees = result->more >= least && result->more <= most;
	ret->disturbed = exact && result->more != more;
}

/* What the pushes so far have made of the state, and where its refusal is predicted. */
struct pushing {
	struct model_state state;
	struct operation operation;
	struct prediction last;
	uint64_t disturbance; /* operations or pages by which others moved the limit */
	bool others_moved;
};

static void judge_push(const struct cell *cell, const struct observation *observation, unsigned index,
		       struct pushing *pushing, struct push_judgement *ret)
{
	uint64_t room = cell->scenario->is_size ? observation->at_most : observation->at_most - pushing->last.central;
	uint64_t slack = tolerance(cell, &pushing->state, &pushing->last), more;
	struct prediction now = predict(cell, &pushing->state, &pushing->operation, room);
	bool exact = now.exact;

	more = now.central;
	if (cell->scenario->is_size)
		more = more > pushing->last.central ? more - pushing->last.central : 0;
	slack = (slack + tolerance(cell, &pushing->state, &now)) / 2;
	/* Exact but for what others can be seen to have moved. */
	if (exact && !pushing->others_moved)
		slack = 0;
	if (slack)
		slack += pushing->disturbance;
	stand_at_refusal(cell, &pushing->operation, now.central, &pushing->state);
	if (!cell->scenario->is_size)
		now.central += pushing->last.central;
	pushing->last = now;
	judge(&observation->pushes[index], more, slack, exact, ret);
}

void pushes_judge(const struct cell *cell, const struct specification *specification,
		  const struct observation *observation, const struct model_state *before, struct verdict *verdict)
{
	struct pushing pushing = {*before, cell->operation, verdict->prediction, verdict->disturbance,
				  verdict->disturbance_pages > 0};
	bool moved = false, wrong = false;

	stand_at_refusal(cell, &pushing.operation, pushing.last.central, &pushing.state);
	for (unsigned i = 0; i < observation->push_count && i < specification->push_count; i++) {
		struct push_judgement *judgement = &verdict->pushes[i];

		if (observation->pushes[i].error)
			continue;
		relax(&specification->pushes[i], observation->commit_keeps_pages, &pushing.state, &pushing.operation);
		judge_push(cell, observation, i, &pushing, judgement);
		wrong |= !judgement->agrees;
		moved |= judgement->agrees && judgement->least_more > 0;
		verdict->disturbed |= judgement->disturbed && judgement->agrees;
	}
	verdict->push = wrong ? DISAGREES : moved ? AGREES : ABSENT;
}
