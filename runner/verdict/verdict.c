#include "verdict/verdict.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "verdict/cause.h"
#include "verdict/pushes.h"
#include "verdict/unmeasured.h"

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

struct verdict verdict_skip(const struct err *err)
{
	struct verdict verdict = {.word = VERDICT_SKIP,
				  .expected = true,
				  .model = ABSENT,
				  .push = ABSENT,
				  .witness = ABSENT,
				  .witness_origin = -1};

	snprintf(verdict.reason, sizeof(verdict.reason), "%s%s%s", err->text, err->advice[0] ? "; " : "", err->advice);
	return verdict;
}

struct verdict verdict_broken(const struct err *err)
{
	struct verdict verdict = verdict_skip(err);

	verdict.word = VERDICT_BROKEN;
	verdict.expected = false;
	return verdict;
}

struct prediction verdict_predict(const struct cell *cell, const struct specification *specification,
				  const struct observation *observation, const struct host_facts *host,
				  bool initial_userns)
{
	struct model_state state = state_before(cell, specification, observation, host, initial_userns);
	struct prediction start;

	if (start_predict(specification, &state, &start))
		return start;
	if (cell->scenario->is_size)
		return predict_size(&state, &cell->operation, observation->at_most);
	return predict_count(&state, &cell->operation, observation->at_most);
}

/* The record page: a memfd is charged for each page that it has (mm/shmem.c), and goes with the scenario. */
#define RECORD_PAGES 1

/*
 * What others committed or gave back meanwhile and kept: Committed_AS when the scenario is gone,
 * against before it ran, less the charge that it had then. Nothing in it depends on what the
 * scenario says of itself.
 */
static uint64_t disturbance(const struct observation *observation, const struct model_state *before,
			    uint64_t page_bytes)
{
	uint64_t own = before->accounted_pages + RECORD_PAGES;
	uint64_t start = before->commit.committed_pages, end;

	if (!observation->has_after || observation->after.committed_as_kib >= UNKNOWN)
		return 0;
	end = observation->after.committed_as_kib * 1024 / page_bytes + own;
	return end > start ? end - start : start - end;
}

/* Pages that one operation (of a size: one page) adds to the commit charge, at least 1. */
static uint64_t charge_of_one(const struct cell *cell, const struct model_state *before)
{
	struct model_state after = state_without_limits(before);
	struct refusal_reason none = {0};

	if (cell->scenario->is_size)
		return 1;
	apply_operation(&after, &cell->operation, &none);
	return after.commit.committed_pages > before->commit.committed_pages
		       ? after.commit.committed_pages - before->commit.committed_pages
		       : 1;
}

/* Off the exact prediction, but no further than the counter's band and what others moved explain. */
static bool in_band(uint64_t accepted, const struct verdict *verdict)
{
	const struct prediction *prediction = &verdict->prediction;

	return verdict->difference && verdict->disturbance_pages && prediction->exact &&
	       prediction->least != prediction->most && accepted + verdict->disturbance >= prediction->least &&
	       accepted <= prediction->most + verdict->disturbance;
}

static void measure_difference(uint64_t accepted, struct verdict *verdict)
{
	const struct prediction *prediction = &verdict->prediction;
	uint64_t least = prediction->exact ? prediction->central : prediction->least;
	uint64_t most = prediction->exact ? prediction->central : prediction->most;

	verdict->difference_is_below = accepted < least;
	verdict->difference = accepted < least ? least - accepted : accepted > most ? accepted - most : 0;
	verdict->disturbed |= in_band(accepted, verdict);
}

/* What the refused call left of the mapping that it was to replace, where that is known and was looked at. */
static bool is_left_otherwise(const struct observation *observation, const struct prediction *prediction)
{
	const char *predicted = left_word(prediction->left);

	return predicted && observation->left[0] && strcmp(observation->left, predicted) != 0;
}

/* The first thing in which a refusal is not as predicted. */
static const char *mismatch(const struct observation *observation, const struct verdict *verdict)
{
	const struct prediction *prediction = &verdict->prediction;

	if (strcmp(observation->refusal.call, "fork") == 0 && observation->refusal.kernel_errno == EAGAIN &&
	    prediction->error != EAGAIN)
		return "fork was refused for a number of processes, not for memory: look at ulimit -u, pids.max of the "
		       "cgroup and kernel.threads-max";
	if (!prediction->refused)
		return "it was refused though no refusal was predicted";
	if (verdict->difference && !in_band(observation->accepted, verdict))
		return prediction->exact ? "it was refused elsewhere than predicted, and nothing shows that others "
					   "committed memory meanwhile (that would move it, too: run it again)"
					 : "it was refused elsewhere than predicted";
	if (strcmp(observation->refusal.call, prediction->call) != 0)
		return "another call was refused than predicted";
	if (observation->refusal.kernel_errno != prediction->error)
		return "the errno is not the predicted one";
	if (is_left_otherwise(observation, prediction))
		return prediction->left == LEFT_HOLE
			       ? "the refused call left the old mapping as it was, and was predicted to leave a hole"
			       : "the refused call left a hole, and was predicted to leave the old mapping as it was";
	if (verdict->cause != prediction->check)
		return "another check refuses in the standing state than predicted";
	return NULL;
}

/* Exact but for what others committed meanwhile: no further off than that explains, and said. */
static void note_disturbance(struct verdict *verdict)
{
	snprintf(verdict->reason, sizeof(verdict->reason),
		 "disturbed: other programs commit memory, too (%" PRIu64
		 " pages more or fewer when it was over); it is off by "
		 "no more than that and the counter's batch explain",
		 verdict->disturbance_pages);
}

static void judge_refusal(const struct specification *specification, const struct observation *observation,
			  struct verdict *verdict)
{
	const char *wrong;

	measure_difference(observation->accepted, verdict);
	wrong = mismatch(observation, verdict);
	verdict->model = wrong ? DISAGREES : AGREES;
	if (!wrong && verdict->push == DISAGREES)
		wrong = verdict->prediction.exact && verdict->prediction.least != verdict->prediction.most
				? "a push moved the refusal otherwise than predicted, and nothing shows that others "
				  "committed memory meanwhile (that would move it, too: run it again)"
				: "a push moved the refusal otherwise than predicted";
	verdict->word = wrong ? VERDICT_OFF : VERDICT_EXACT;
	verdict->expected = !wrong;
	if (wrong)
		snprintf(verdict->reason, sizeof(verdict->reason), "%s", wrong);
	else if (verdict->disturbed)
		note_disturbance(verdict);
	else if (observation->push_count < specification->push_count)
		snprintf(verdict->reason, sizeof(verdict->reason),
			 "the proof was cut short by the deadline (--timeout gives it longer)");
}

static void judge_no_refusal(const struct specification *specification, const struct observation *observation,
			     struct verdict *verdict)
{
	measure_difference(observation->at_most, verdict);
	verdict->word = VERDICT_NO_REFUSAL;
	verdict->expected = !verdict->prediction.refused || verdict->prediction.most >= observation->at_most;
	verdict->model = verdict->expected ? AGREES : DISAGREES;
	snprintf(verdict->reason, sizeof(verdict->reason), "nothing was refused up to %" PRIu64 "%s%s",
		 observation->at_most, verdict->expected ? ", as predicted" : ", though a refusal was predicted",
		 observation->at_most < specification->at_most
			 ? "; the address space, or the limit on it, holds no more of them"
			 : "");
}

struct verdict verdict_of(const struct cell *cell, const struct specification *specification,
			  const struct observation *observation, const struct host_facts *host, bool initial_userns)
{
	struct verdict verdict = {.model = ABSENT,
				  .push = ABSENT,
				  .witness = ABSENT,
				  .witness_origin = -1,
				  .predicted = observation->has_before};
	struct model_state before;

	if (verdict.predicted)
		verdict.prediction = verdict_predict(cell, specification, observation, host, initial_userns);
	if (observation->outcome != OUTCOME_REFUSED && observation->outcome != OUTCOME_DONE) {
		unmeasured_judge(specification, observation, &verdict);
		return verdict;
	}
	before = state_before(cell, specification, observation, host, initial_userns);
	if (observation->outcome == OUTCOME_DONE) {
		judge_no_refusal(specification, observation, &verdict);
		return verdict;
	}
	if (before.commit.mode == 2)
		verdict.disturbance_pages = disturbance(observation, &before, host->page_bytes);
	verdict.disturbance = verdict.disturbance_pages / charge_of_one(cell, &before);
	pushes_judge(cell, specification, observation, &before, &verdict);
	find_cause(cell, observation, host, initial_userns, &verdict);
	judge_refusal(specification, observation, &verdict);
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
