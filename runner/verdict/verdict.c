#include "verdict/verdict.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "verdict/pushes.h"

const char *verdict_word(enum verdict_word word)
{
	static const char *const words[VERDICT_WORDS] = {"EXACT",   "OFF",     "NO-REFUSAL", "KILLED",
	                                                 "CRASHED", "TIMEOUT", "SKIP",       "BROKEN"};

	return words[word];
}

const char *agreement_word(enum agreement agreement)
{
	static const char *const words[] = {"agrees", "disagrees", "absent"};

	return words[agreement];
}

struct verdict verdict_skip(const char *reason)
{
	struct verdict verdict = {.word = VERDICT_SKIP, .expected = true, .model = ABSENT, .push = ABSENT};

	snprintf(verdict.reason, sizeof(verdict.reason), "%s", reason);
	return verdict;
}

struct verdict verdict_broken(const char *reason)
{
	struct verdict verdict = verdict_skip(reason);

	verdict.word = VERDICT_BROKEN;
	verdict.expected = false;
	return verdict;
}

static bool limits_apply_at_exec(const struct specification *specification)
{
	return specification->limit_count && specification->limits[0].at_exec;
}

/*
 * A limit set before exec: every page of the program is asked for under it, and the last request
 * before READY is a checked one (the record page), so the start succeeds when READY's size fits.
 */
static bool predict_start(const struct specification *specification, const struct model_state *state,
                          struct prediction *ret)
{
	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *setting = &specification->limits[i];
		uint64_t bytes = setting->bytes + (setting->relative ? state->total_pages * state->page_bytes : 0);
		uint64_t limit = bytes / state->page_bytes;

		if (!setting->at_exec || setting->resource != LIMIT_AS || state->total_pages <= limit)
			continue;
		*ret = (struct prediction){.refused = true, .call = "exec", .error = ENOMEM, .check = check_find("rlimit-as")};
		ret->comparison.value = state->total_pages;
		ret->comparison.limit = limit;
		snprintf(ret->comparison.text, sizeof(ret->comparison.text),
		         "the program's start needs %" PRIu64 " pages > RLIMIT_AS %" PRIu64 " pages", state->total_pages, limit);
		return true;
	}
	return false;
}

struct prediction verdict_predict(const struct cell *cell, const struct specification *specification,
                                  const struct observation *observation, const struct host_facts *host,
                                  bool initial_userns)
{
	struct model_state state = state_from_snapshot(&observation->before, host, initial_userns);
	struct prediction start;

	if (limits_apply_at_exec(specification) && predict_start(specification, &state, &start))
		return start;
	if (cell->scenario->is_size)
		return predict_size(&state, &cell->operation, observation->at_most);
	return predict_count(&state, &cell->operation, observation->at_most);
}

/* The refused request as it stood: of the length that was refused, in one piece. */
static bool refused_request(const struct cell *cell, const struct observation *observation, struct request *ret)
{
	const struct refusal *refusal = &observation->refusal;
	struct operation operation = operation_sized(&cell->operation, observation->accepted + 1);

	for (unsigned i = 0; i < operation.count; i++) {
		if (strcmp(request_call_name(operation.requests[i].call), refusal->call) != 0)
			continue;
		*ret = operation.requests[i];
		if (refusal->pages)
			ret->pages = refusal->pages;
		ret->areas = 1;
		ret->pieces = false;
		return true;
	}
	return false;
}

/* Which check refuses this request in the state that the second snapshot shows. */
static void find_cause(const struct cell *cell, const struct observation *observation, const struct host_facts *host,
                       bool initial_userns, struct verdict *verdict)
{
	struct model_state state = state_from_snapshot(&observation->standing, host, initial_userns);
	struct refusal_reason reason = {0};
	struct request request;

	if (!refused_request(cell, observation, &request) || apply_request(&state, &request, &reason))
		return;
	verdict->cause = reason.check;
	verdict->comparison = reason.comparison;
}

static void measure_difference(uint64_t accepted, struct verdict *verdict)
{
	const struct prediction *prediction = &verdict->prediction;

	verdict->difference_is_below = accepted < prediction->least;
	verdict->difference = accepted < prediction->least  ? prediction->least - accepted
	                      : accepted > prediction->most ? accepted - prediction->most
	                                                    : 0;
}

/* The first thing in which a refusal is not as predicted. */
static const char *mismatch(const struct observation *observation, const struct verdict *verdict)
{
	const struct prediction *prediction = &verdict->prediction;

	if (!prediction->refused)
		return "it was refused though no refusal was predicted";
	if (verdict->difference)
		return "it was refused elsewhere than predicted";
	if (strcmp(observation->refusal.call, prediction->call) != 0)
		return "another call was refused than predicted";
	if (observation->refusal.kernel_errno != prediction->error)
		return "the errno is not the predicted one";
	/* In a band the standing state may lie on the accepting side of the exact sum. */
	if (verdict->cause != prediction->check && prediction->least == prediction->most)
		return "another check refuses in the standing state than predicted";
	return NULL;
}

static void judge_refusal(const struct observation *observation, struct verdict *verdict)
{
	const char *wrong;

	measure_difference(observation->accepted, verdict);
	wrong = mismatch(observation, verdict);
	verdict->model = wrong ? DISAGREES : AGREES;
	if (!wrong && verdict->push == DISAGREES)
		wrong = "a push moved the refusal otherwise than predicted";
	verdict->word = wrong ? VERDICT_OFF : VERDICT_EXACT;
	verdict->expected = !wrong;
	if (wrong)
		snprintf(verdict->reason, sizeof(verdict->reason), "%s", wrong);
}

static void judge_no_refusal(const struct observation *observation, struct verdict *verdict)
{
	measure_difference(observation->at_most, verdict);
	verdict->word = VERDICT_NO_REFUSAL;
	verdict->expected = !verdict->prediction.refused;
	verdict->model = verdict->expected ? AGREES : DISAGREES;
	snprintf(verdict->reason, sizeof(verdict->reason), "nothing was refused up to %" PRIu64 "%s", observation->at_most,
	         verdict->expected ? ", as predicted" : ", though a refusal was predicted");
}

/* Never came to READY. Under a limit at exec that is the refusal itself, and the start without it the push. */
static void judge_no_start(const struct specification *specification, const struct observation *observation,
                           struct verdict *verdict)
{
	char *how = verdict->start_end;

	if (observation->outcome == OUTCOME_UNPREPARED)
		snprintf(how, sizeof(verdict->start_end), "%.31s", observation->problem);
	else if (observation->died.signal)
		snprintf(how, sizeof(verdict->start_end), "SIG%s", sigabbrev_np(observation->died.signal));
	else
		snprintf(how, sizeof(verdict->start_end), "exit %d", observation->died.exit_status);
	if (!limits_apply_at_exec(specification)) {
		verdict->word = VERDICT_BROKEN;
		snprintf(verdict->reason, sizeof(verdict->reason), "the scenario could not start: %s", how);
		return;
	}
	verdict->start_refused = true;
	verdict->cause = verdict->prediction.check;
	verdict->comparison = verdict->prediction.comparison;
	verdict->expected = verdict->prediction.refused && strcmp(verdict->prediction.call, "exec") == 0;
	verdict->model = verdict->expected ? AGREES : DISAGREES;
	verdict->push = AGREES;
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
		snprintf(verdict->reason, sizeof(verdict->reason), "the scenario died of SIG%s after %" PRIu64 " accepted",
		         sigabbrev_np(observation->died.signal), observation->accepted);
	else
		snprintf(verdict->reason, sizeof(verdict->reason), "the scenario exited with %d after %" PRIu64 " accepted",
		         observation->died.exit_status, observation->accepted);
}

static void judge_unmeasured(const struct specification *specification, const struct observation *observation,
                             struct verdict *verdict)
{
	switch (observation->outcome) {
	case OUTCOME_READY:
		verdict->word = VERDICT_SKIP;
		verdict->expected = true;
		snprintf(verdict->reason, sizeof(verdict->reason), "dry run: no request was made");
		break;
	case OUTCOME_NO_START:
		judge_no_start(specification, observation, verdict);
		break;
	case OUTCOME_DIED:
		judge_death(observation, verdict);
		break;
	case OUTCOME_TIMEOUT:
		verdict->word = VERDICT_TIMEOUT;
		snprintf(verdict->reason, sizeof(verdict->reason),
		         "not refused within %.1f s, %" PRIu64 " accepted by then (--timeout gives it longer)",
		         (double)specification->timeout_ms / 1000, observation->accepted);
		break;
	case OUTCOME_UNPREPARED:
		if (limits_apply_at_exec(specification)) {
			judge_no_start(specification, observation, verdict);
			break;
		}
		verdict->word = VERDICT_BROKEN;
		snprintf(verdict->reason, sizeof(verdict->reason),
		         "the scenario could not prepare: %.400s; the limits leave no room even for that", observation->problem);
		break;
	default:
		verdict->word = VERDICT_BROKEN;
		snprintf(verdict->reason, sizeof(verdict->reason), "%s", observation->problem);
		break;
	}
}

struct verdict verdict_of(const struct cell *cell, const struct specification *specification,
                          const struct observation *observation, const struct host_facts *host, bool initial_userns)
{
	struct verdict verdict = {.model = ABSENT, .push = ABSENT, .predicted = observation->has_before};
	struct model_state before;

	if (verdict.predicted)
		verdict.prediction = verdict_predict(cell, specification, observation, host, initial_userns);
	if (observation->outcome != OUTCOME_REFUSED && observation->outcome != OUTCOME_DONE) {
		judge_unmeasured(specification, observation, &verdict);
		return verdict;
	}
	before = state_from_snapshot(&observation->before, host, initial_userns);
	if (observation->outcome == OUTCOME_DONE) {
		judge_no_refusal(observation, &verdict);
		return verdict;
	}
	pushes_judge(cell, specification, observation, &before, &verdict);
	find_cause(cell, observation, host, initial_userns, &verdict);
	judge_refusal(observation, &verdict);
	return verdict;
}

void tally_add(struct tally *tally, const struct verdict *verdict)
{
	tally->cells++;
	tally->words[verdict->word]++;
	tally->unexpected += !verdict->expected;
}

int tally_exit_status(const struct tally *tally)
{
	if (tally->words[VERDICT_BROKEN])
		return 3;
	if (tally->unexpected)
		return 1;
	if (tally->cells && tally->words[VERDICT_SKIP] == tally->cells)
		return 77;
	return 0;
}
