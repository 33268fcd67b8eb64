#include "compare/sentence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "compare/change.h"
#include "support/append.h"

void predicted_text(const struct predicted *predicted, char *buffer, size_t size)
{
	if (!predicted->refused)
		snprintf(buffer, size, "no refusal");
	else if (predicted->least == predicted->most)
		snprintf(buffer, size, "%" PRIu64, predicted->least);
	else
		snprintf(buffer, size, "%" PRIu64 "..%" PRIu64, predicted->least, predicted->most);
}

/* "65508 -> 1002"; with their checks where those are not the same. */
static void add_predictions(const struct explanation *explanation, char *buffer, size_t size)
{
	const struct predicted *sides[] = {&explanation->before, &explanation->after};
	bool same_check = strcmp(sides[0]->check, sides[1]->check) == 0;
	char number[48];

	for (int i = 0; i < 2; i++) {
		predicted_text(sides[i], number, sizeof(number));
		text_append(buffer, size, "%s%s", i ? " -> " : "", number);
		if (!same_check && sides[i]->refused)
			text_append(buffer, size, " by %s", sides[i]->check);
	}
	if (strcmp(sides[0]->left, sides[1]->left) != 0)
		text_append(buffer, size, ", what is left %s -> %s", *sides[0]->left ? sides[0]->left : "none",
			    *sides[1]->left ? sides[1]->left : "none");
}

/* "a 1 -> 2, b 3 -> 4 and c 5 -> 6" */
static void add_facts(const struct pair *pair, uint64_t facts, char *buffer, size_t size)
{
	char change[128];
	bool any = false;

	for (unsigned fact = 0; fact < facts_count(); fact++) {
		if (!(facts >> fact & 1))
			continue;
		fact_change_text(fact, pair->before->facts, pair->after->facts, change, sizeof(change));
		text_append(buffer, size, "%s%s", !any ? "" : facts >> fact == 1 ? " and " : ", ", change);
		any = true;
	}
}

/* Explained though no prediction changed: by what the predictions themselves leave open. */
static const char *without_facts(const struct explanation *explanation)
{
	return explanation->before.least != explanation->before.most
		       ? "the band that the kernel's per-CPU counters leave"
		       : "what other programs committed meanwhile";
}

/* The file may be of an enomem with another model. */
static void add_recorded(const char *name, const struct recorded_prediction *recorded, const struct predicted *now,
			 char *buffer, size_t size)
{
	struct predicted then = {.refused = recorded->refused, .least = recorded->least, .most = recorded->most};
	char one[48], other[48];

	if (!recorded->known)
		return;
	predicted_text(&then, one, sizeof(one));
	predicted_text(now, other, sizeof(other));
	if (strcmp(one, other) != 0)
		text_append(buffer, size, "; the prediction recorded in %s is %s, and this enomem's %s", name, one,
			    other);
}

static void add_disturbance(const struct pair *pair, const struct explanation *explanation, char *buffer, size_t size)
{
	int64_t moved;
	bool off = change_difference(&pair->before->measured, &pair->after->measured, &moved) &&
		   explanation->before.least == explanation->before.most &&
		   explanation->after.least == explanation->after.most &&
		   moved != (int64_t)(explanation->after.least - explanation->before.least);

	if (off && explanation->by && explanation->explained == EXPLAINED_YES)
		text_append(buffer, size, ", but for what other programs committed meanwhile");
}

static void add_explained(const struct pair *pair, const struct explanation *explanation, char *buffer, size_t size)
{
	text_append(buffer, size, "explained by ");
	if (explanation->by)
		add_facts(pair, explanation->by, buffer, size);
	else
		text_append(buffer, size, "%s", without_facts(explanation));
	text_append(buffer, size, " (predicted ");
	add_predictions(explanation, buffer, size);
	text_append(buffer, size, ")");
	add_disturbance(pair, explanation, buffer, size);
}

static void add_not_explained(const struct pair *pair, const struct explanation *explanation, char *buffer, size_t size)
{
	if (predicted_equal(&explanation->before, &explanation->after)) {
		text_append(buffer, size, "NOT explained: the model predicts no change");
		return;
	}
	text_append(buffer, size, "NOT explained: the model predicts ");
	add_predictions(explanation, buffer, size);
	text_append(buffer, size, ", for ");
	add_facts(pair, explanation->by, buffer, size);
}

void explain_sentence(const struct pair *pair, const struct explanation *explanation, char *buffer, size_t size)
{
	buffer[0] = '\0';
	if (explanation->explained == EXPLAINED_YES)
		add_explained(pair, explanation, buffer, size);
	else
		add_not_explained(pair, explanation, buffer, size);
	add_recorded("BEFORE", &pair->before->prediction, &explanation->before, buffer, size);
	add_recorded("AFTER", &pair->after->prediction, &explanation->after, buffer, size);
}
