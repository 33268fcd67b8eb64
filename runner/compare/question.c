#include "compare/question.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/specify.h"
#include "compare/assignments.h"
#include "verdict/verdict.h"

/* Where a run ends that nothing but a refusal ends: as specify() has it. */
#define COUNT_AT_MOST (UINT64_C(1) << 40)

/* The words that `--param` would have been given; they point into ret->words. */
static int make_words(const struct record *record, struct question *ret, const char **words, unsigned *ret_count,
		      struct err *err)
{
	char *at = ret->words = strdup(record->parameters);

	if (!at)
		return err_no_memory(err);
	for (*ret_count = 0; *at; (*ret_count)++) {
		if (*ret_count == PARAMETERS_MOST)
			return err_set(err, EINVAL, "%s takes fewer parameters than it has here", record->scenario);
		words[*ret_count] = at;
		at += strcspn(at, "\n");
		*at++ = '\0';
	}
	return 0;
}

static int make_cell(const struct catalogue *catalogue, const struct record *record, struct question *ret,
		     struct err *err)
{
	const char *words[PARAMETERS_MOST];
	const char *name = record->scenario;
	struct choice choice = {.pattern = name};
	struct selection selection = {.choices = &choice, .choice_count = 1, .parameters = words, .repeats = 1};
	int status;

	/* A selection is a pattern: a name that is none is not taken for one. */
	if (!catalogue_find(catalogue, name))
		return err_set(err, EINVAL, "this enomem has no scenario \"%s\"", name);
	status = make_words(record, ret, words, &selection.parameter_count, err);
	if (status == 0)
		status = plan_make(catalogue, &selection, &ret->plan, err);
	if (status == 0)
		status = specify_limits(&ret->plan.cells[0], &ret->specification, err);
	return status;
}

int question_make(const struct catalogue *catalogue, const struct pair *pair, struct question *ret, struct err *err)
{
	*ret = (struct question){.before = pair->before->facts, .after = pair->after->facts};
	ret->commit_limit_follows = facts_commit_limit_follows(ret->before) && facts_commit_limit_follows(ret->after);
	return make_cell(catalogue, pair->before, ret, err);
}

void question_free(struct question *question)
{
	plan_free(&question->plan);
	free(question->words);
	question->words = NULL;
}

uint64_t question_differing(const struct question *question)
{
	uint64_t differing = 0;

	for (unsigned fact = 0; fact < facts_count(); fact++) {
		if (question->commit_limit_follows && fact_is_commit_limit(fact))
			continue;
		if (fact_differs(fact, question->before, question->after))
			differing |= UINT64_C(1) << fact;
	}
	return differing;
}

/* What an agent would have observed of a host with these facts, up to READY. */
static void observe(const struct facts *facts, struct question *question)
{
	bool is_size = question->plan.cells[0].scenario->is_size;

	question->observation.has_before = true;
	question->observation.before = facts->snapshot;
	question->observation.synchronised = facts->synchronised;
	question->observation.cpu = facts->synchronised ? 0 : -1;
	question->observation.at_most = facts->at_most;
	if (facts->at_most == UNKNOWN)
		question->observation.at_most = is_size ? (uint64_t)INT64_MAX / facts->page_bytes : COUNT_AT_MOST;
	snprintf(question->host.kernel, sizeof(question->host.kernel), "%s", facts->kernel);
	question->host.page_bytes = facts->page_bytes;
	question->host.cpus_present = facts->cpus;
}

static struct predicted simplify(const struct prediction *prediction)
{
	struct predicted simple = {.refused = prediction->refused, .call = "", .error = "", .check = "", .left = ""};
	const char *left = left_word(prediction->left);

	if (!prediction->refused)
		return simple;
	simple.least = prediction->exact ? prediction->central : prediction->least;
	simple.most = prediction->exact ? prediction->central : prediction->most;
	simple.call = prediction->call;
	simple.error = err_name(prediction->error);
	simple.check = prediction->check->name;
	simple.left = left ? left : "";
	return simple;
}

struct predicted question_ask(struct question *question, uint64_t exchanged)
{
	struct facts facts = *question->before;
	struct prediction prediction;

	for (unsigned fact = 0; fact < facts_count(); fact++) {
		if (exchanged >> fact & 1)
			fact_exchange(fact, question->after, &facts);
	}
	if (question->commit_limit_follows)
		facts.snapshot.machine.commit_limit_kib = facts_commit_limit_kib(&facts);
	observe(&facts, question);
	/* Capabilities that do not count were taken out when the result was read. */
	prediction = verdict_predict(&question->plan.cells[0], &question->specification, &question->observation,
				     &question->host, true);
	return simplify(&prediction);
}

bool predicted_equal(const struct predicted *a, const struct predicted *b)
{
	if (a->refused != b->refused)
		return false;
	return a->least == b->least && a->most == b->most && strcmp(a->call, b->call) == 0 &&
	       strcmp(a->error, b->error) == 0 && strcmp(a->check, b->check) == 0 && strcmp(a->left, b->left) == 0;
}
