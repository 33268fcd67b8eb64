#include "verdict/unmeasured.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

bool start_predict(const struct specification *specification, const struct model_state *state, struct prediction *ret)
{
	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *setting = &specification->limits[i];
		uint64_t bytes = setting->bytes + (setting->relative ? state->total_pages * state->page_bytes : 0);
		uint64_t limit = bytes / state->page_bytes;

		if (!setting->at_exec || setting->resource != LIMIT_AS || state->total_pages <= limit)
			continue;
		*ret = (struct prediction){
			.refused = true, .call = "exec", .error = ENOMEM, .check = check_find("rlimit-as")};
		ret->comparison.value = state->total_pages;
		ret->comparison.limit = limit;
		snprintf(ret->comparison.text, sizeof(ret->comparison.text),
			 "the program's start needs %" PRIu64 " pages > RLIMIT_AS %" PRIu64 " pages",
			 state->total_pages, limit);
		return true;
	}
	return false;
}

/* Never came to READY. Under a limit at exec that is the refusal itself, and the start without it the push. */
static void judge_no_start(const struct specification *specification, const struct observation *observation,
			   struct verdict *verdict)
{
	char *how = verdict->start_end;

	if (observation->outcome == OUTCOME_UNPREPARED)
		snprintf(how, sizeof(verdict->start_end), "%.31s", observation->problem);
	else if (observation->died.signal)
		snprintf(how, sizeof(verdict->start_end), "%s", signal_name(observation->died.signal));
	else
		snprintf(how, sizeof(verdict->start_end), "exit %d", observation->died.exit_status);
	if (!specification_limits_start(specification) || !observation->has_before) {
		verdict->word = VERDICT_BROKEN;
		snprintf(verdict->reason, sizeof(verdict->reason), "the scenario could not start: %s", how);
		return;
	}
	verdict->start_refused = true;
	verdict->cause = verdict->prediction.check;
	verdict->comparison = verdict->prediction.comparison;
	verdict->expected = verdict->prediction.refused && strcmp(verdict->prediction.call, "exec") == 0;
	verdict->model = verdict->expected ? AGREES : DISAGREES;
	/* The same program had just started without the limit: that is the counterfactual. */
	verdict->push = verdict->expected && observation->died.signal != SIGKILL ? AGREES : ABSENT;
	verdict->word = verdict->expected ? VERDICT_EXACT : VERDICT_OFF;
	snprintf(verdict->reason, sizeof(verdict->reason), "the program could not start: %s",
		 observation->died.signal ? "it was killed on the way" : "its own start code gave up");
}

static void judge_death(const struct observation *observation, struct verdict *verdict)
{
	uint64_t before = observation->before.machine.oom_kills, after = observation->after.oom_kills;
	bool oom = observation->died.signal == SIGKILL && before < UNKNOWN && after < UNKNOWN && after > before;

	verdict->word = oom ? VERDICT_KILLED : VERDICT_CRASHED;
	if (oom)
		snprintf(verdict->reason, sizeof(verdict->reason), "the OOM killer ended it after %" PRIu64 " accepted",
			 observation->accepted);
	else if (observation->died.signal)
		snprintf(verdict->reason, sizeof(verdict->reason), "the scenario died of %s after %" PRIu64 " accepted",
			 signal_name(observation->died.signal), observation->accepted);
	else
		snprintf(verdict->reason, sizeof(verdict->reason),
			 "the scenario exited with %d after %" PRIu64 " accepted", observation->died.exit_status,
			 observation->accepted);
}

void unmeasured_judge(const struct specification *specification, const struct observation *observation,
		      struct verdict *verdict)
{
	switch (observation->outcome) {
	case OUTCOME_READY:
		verdict->word = VERDICT_SKIP;
		verdict->expected = true;
		snprintf(verdict->reason, sizeof(verdict->reason), "dry run: no request was made");
		break;
	case OUTCOME_NO_START: judge_no_start(specification, observation, verdict); break;
	case OUTCOME_DIED: judge_death(observation, verdict); break;
	case OUTCOME_TIMEOUT:
		verdict->word = VERDICT_TIMEOUT;
		snprintf(verdict->reason, sizeof(verdict->reason),
			 "not refused within %g s, %" PRIu64
			 " accepted by then (--timeout gives it longer, larger steps make it shorter)",
			 (double)specification->timeout_ms / 1000, observation->accepted);
		break;
	case OUTCOME_UNPREPARED:
		if (specification_limits_start(specification)) {
			judge_no_start(specification, observation, verdict);
			break;
		}
		verdict->word = VERDICT_BROKEN;
		snprintf(verdict->reason, sizeof(verdict->reason),
			 "the scenario could not prepare: %.400s; the limits leave no room even for that",
			 observation->problem);
		break;
	default:
		verdict->word = VERDICT_BROKEN;
		snprintf(verdict->reason, sizeof(verdict->reason), "%s", observation->problem);
		break;
	}
}
