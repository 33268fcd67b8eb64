#include "verdict/cause.h"

#include <string.h>

/* Of a cgroup of its own the scenario is the only member. */
static struct model_state state_from_cell(const struct cell *cell, const struct snapshot *snapshot,
					  const struct host_facts *host, bool initial_userns)
{
	struct model_state state = state_from_snapshot(snapshot, host, initial_userns);
	const struct setting *pids = configuration_find(cell->configuration, KNOB_PIDS_MAX);

	if (pids) {
		state.group_pids_max = pids->value;
		state.group_processes = 1;
	}
	return state;
}

struct model_state state_before(const struct cell *cell, const struct specification *specification,
				const struct observation *observation, const struct host_facts *host,
				bool initial_userns)
{
	struct model_state state = state_from_cell(cell, &observation->before, host, initial_userns);

	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *setting = &specification->limits[i];
		uint64_t start_bytes = setting->relative ? state.total_pages * state.page_bytes : 0;

		if (setting->at_exec && setting->resource == LIMIT_AS)
			state.as.soft = setting->bytes + start_bytes;
		if (setting->at_exec && setting->resource == LIMIT_DATA)
			state.data.soft = setting->bytes + start_bytes;
	}
	/* Following the charges takes a CPU that they all are made on. */
	state.commit.synchronised = observation->synchronised && observation->cpu >= 0;
	return state;
}

/* The refused request as it stood: of the length that was refused, in one piece. */
static bool refused_request(const struct cell *cell, const struct observation *observation, struct request *ret)
{
	const struct refusal *refusal = &observation->refusal;
	struct operation operation = operation_sized(&cell->operation, observation->accepted + 1);
	bool was_over = observation->left[0] != '\0';

	for (unsigned i = 0; i < operation.count; i++) {
		if (strcmp(request_call_name(operation.requests[i].call), refusal->call) != 0 ||
		    operation.requests[i].over != was_over)
			continue;
		*ret = operation.requests[i];
		/* Of mremap the model knows the growth, and the refusal shows the new length. */
		if (refusal->pages && ret->call != REQUEST_MREMAP)
			ret->pages = refusal->pages;
		/* A piece of several areas, or of one, is cut out of a larger VMA. */
		if ((ret->areas > 1 || ret->pieces) && ret->splits == 0)
			ret->splits = 1;
		ret->areas = 1;
		ret->pieces = false;
		return true;
	}
	return false;
}

/* The standing state as the refused request found it: with the mapping that it has destroyed. */
static struct model_state state_found(const struct cell *cell, const struct observation *observation,
				      const struct request *request, const struct host_facts *host, bool initial_userns)
{
	struct model_state state = state_from_cell(cell, &observation->standing, host, initial_userns);

	if (strcmp(observation->left, left_word(LEFT_HOLE)) == 0) {
		state.total_pages += request->pages;
		state.map_count++;
	}
	return state;
}

static bool predicts_commit_limit(const struct prediction *prediction)
{
	return prediction->check && strncmp(prediction->check->name, "commit-limit", 12) == 0;
}

void find_cause(const struct cell *cell, const struct observation *observation, const struct host_facts *host,
		bool initial_userns, struct verdict *verdict)
{
	struct refusal_reason reason = {0};
	struct model_state state;
	struct request request;

	if (!refused_request(cell, observation, &request))
		return;
	state = state_found(cell, observation, &request, host, initial_userns);
	/* In mode 2 the exact sum may lie on the accepting side: the counter that is compared lags. */
	if (apply_request(&state, &request, &reason) && predicts_commit_limit(&verdict->prediction)) {
		state = state_found(cell, observation, &request, host, initial_userns);
		state.commit.bias_pages =
			(int64_t)(state.commit.cpus * (state.commit.batch_pages - 1) + verdict->disturbance_pages);
		apply_request(&state, &request, &reason);
	}
	verdict->cause = reason.check;
	verdict->comparison = reason.comparison;
}
