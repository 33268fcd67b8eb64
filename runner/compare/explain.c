#include "compare/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "compare/change.h"
#include "compare/sentence.h"
#include "verdict/verdict.h"

static bool gives(struct question *question, uint64_t exchanged, const struct predicted *expected)
{
	struct predicted seen = question_ask(question, exchanged);

	return predicted_equal(&seen, expected);
}

/* The lowest fact in a set, as a set. */
static uint64_t lowest(uint64_t set)
{
	return set & -set;
}

static uint64_t find_single(struct question *question, uint64_t among, const struct predicted *after)
{
	for (uint64_t rest = among; rest; rest &= rest - 1) {
		if (gives(question, lowest(rest), after))
			return lowest(rest);
	}
	return 0;
}

static uint64_t find_couple(struct question *question, uint64_t among, const struct predicted *after)
{
	for (uint64_t rest = among; rest; rest &= rest - 1) {
		for (uint64_t others = rest & (rest - 1); others; others &= others - 1) {
			if (gives(question, lowest(rest) | lowest(others), after))
				return lowest(rest) | lowest(others);
		}
	}
	return 0;
}

/* Facts that matter at all: alone to BEFORE, or missing from AFTER. */
static uint64_t relevant_facts(struct question *question, uint64_t among, const struct predicted *after)
{
	struct predicted before = question_ask(question, 0);
	uint64_t relevant = 0;

	for (uint64_t rest = among; rest; rest &= rest - 1) {
		if (!gives(question, lowest(rest), &before) || !gives(question, among & ~lowest(rest), after))
			relevant |= lowest(rest);
	}
	return relevant;
}

/* Leave out one after the other as long as the prediction stays. */
static uint64_t reduce(struct question *question, uint64_t set, const struct predicted *after)
{
	for (uint64_t rest = set; rest; rest &= rest - 1) {
		if (gives(question, set & ~lowest(rest), after))
			set &= ~lowest(rest);
	}
	return set;
}

uint64_t explain_facts(struct question *question, const struct predicted *after)
{
	uint64_t differing = question_differing(question), found;

	if (gives(question, 0, after))
		return 0;
	found = find_single(question, differing, after);
	if (!found)
		found = find_couple(question, relevant_facts(question, differing, after), after);
	return found ? found : reduce(question, differing, after);
}

/* Whether the refusal that was measured after is by what was predicted for it. */
static bool is_by_the_same(const struct measured *measured, const struct predicted *predicted)
{
	return strcmp(measured->call, predicted->call) == 0 &&
	       (!measured->error[0] || strcmp(measured->error, predicted->error) == 0) &&
	       strcmp(measured->check, predicted->check) == 0 &&
	       (!measured->left[0] || strcmp(measured->left, predicted->left) == 0);
}

/* How far accepted may be off: what others did to the machine meanwhile, as the verdicts found. */
static __int128 slack_of(const struct pair *pair)
{
	return (__int128)pair->before->measured.disturbed + pair->after->measured.disturbed;
}

/* Whether `moved` lies between the least and the most that the predictions differ by, within the slack. */
static bool moved_as_predicted(int64_t moved, const struct explanation *explanation, __int128 slack)
{
	__int128 least = (__int128)explanation->after.least - explanation->before.most;
	__int128 most = (__int128)explanation->after.most - explanation->before.least;

	return moved >= least - slack && moved <= most + slack;
}

static bool is_explained(const struct pair *pair, const struct explanation *explanation)
{
	const struct measured *before = &pair->before->measured, *after = &pair->after->measured;
	__int128 slack = slack_of(pair);
	bool by_another = strcmp(before->call, after->call) != 0 || strcmp(before->error, after->error) != 0 ||
			  strcmp(before->check, after->check) != 0 || changes_of(before, after) >> CHANGE_LEFT & 1;
	int64_t moved = 0;

	if (before->refused != explanation->before.refused || after->refused != explanation->after.refused)
		return false;
	if (!after->refused)
		return before->refused;
	if (by_another && !is_by_the_same(after, &explanation->after))
		return false;
	if (before->by_chance || after->by_chance)
		return by_another || !before->refused;
	if (!before->refused)
		return after->accepted + slack >= explanation->after.least &&
		       after->accepted <= explanation->after.most + slack;
	if (!change_difference(before, after, &moved))
		return false;
	/* The verdict alone changed, and nothing that the model says. */
	if (moved == 0 && !by_another && predicted_equal(&explanation->before, &explanation->after))
		return false;
	return moved_as_predicted(moved, explanation, slack);
}

/* Words for cells in which the kernel was not seen to refuse or to accept to the end. */
static bool is_measured(const struct record *record)
{
	static const enum verdict_word words[] = {VERDICT_EXACT, VERDICT_OFF, VERDICT_NO_REFUSAL};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(record->measured.verdict, verdict_word(words[i])) == 0)
			return true;
	}
	return false;
}

/* Why the model cannot be asked; empty when it can. */
static void why_not(const struct pair *pair, char *buffer, size_t size)
{
	const struct record *sides[] = {pair->before, pair->after};
	static const char *const names[] = {"BEFORE", "AFTER"};

	buffer[0] = '\0';
	for (int i = 0; i < 2 && !buffer[0]; i++) {
		if (!is_measured(sides[i]))
			snprintf(buffer, size, "%s is %s, and it knows refusals only", names[i],
				 sides[i]->measured.verdict);
		else if (!sides[i]->facts)
			snprintf(buffer, size, "%s %s", names[i], sides[i]->missing);
	}
}

static void ask(struct question *question, const struct pair *pair, struct explanation *ret)
{
	ret->predicted = true;
	ret->before = question_ask(question, 0);
	ret->after = question_ask(question, question_differing(question));
	ret->by = explain_facts(question, &ret->after);
	ret->explained = is_explained(pair, ret) ? EXPLAINED_YES : EXPLAINED_NO;
	explain_sentence(pair, ret, ret->text, sizeof(ret->text));
}

int explain_pair(const struct catalogue *catalogue, const struct pair *pair, struct explanation *ret, struct err *err)
{
	struct question question = {0};
	struct err inner = {0};
	char why[sizeof(inner.text)];
	int status = 0;

	*ret = (struct explanation){.explained = EXPLAINED_UNKNOWN};
	why_not(pair, why, sizeof(why));
	if (!why[0]) {
		status = question_make(catalogue, pair, &question, &inner);
		if (status == -ENOMEM)
			return err_no_memory(err);
		snprintf(why, sizeof(why), "%s", inner.text);
	}
	if (why[0])
		snprintf(ret->text, sizeof(ret->text), "the model cannot say: %s", why);
	else
		ask(&question, pair, ret);
	question_free(&question);
	return 0;
}
