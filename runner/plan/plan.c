#include "plan/plan.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/parameters.h"
#include "support/suggest.h"

static bool matches(const char *name, const char *const *patterns, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (fnmatch(patterns[i], name, 0) == 0)
			return true;
	}
	return false;
}

/* Every pattern must choose something: one that does not is a typing mistake. */
static int check_patterns(const struct catalogue *catalogue, const char *verb, const char *const *patterns,
			  unsigned count, struct err *err)
{
	for (unsigned i = 0; i < count; i++) {
		struct suggestion near = {0};
		bool found = false;

		for (unsigned j = 0; j < catalogue->count; j++) {
			found |= fnmatch(patterns[i], catalogue->scenarios[j].name, 0) == 0;
			suggest_consider(&near, patterns[i], catalogue->scenarios[j].name);
		}
		if (found)
			continue;
		err_set(err, EINVAL, "cannot %s \"%s\": there is no such scenario", verb, patterns[i]);
		if (near.word)
			return err_advise(err, "did you mean \"%s\"?", near.word);
		return err_advise(err, "`enomem list` shows the scenarios");
	}
	return 0;
}

const char *cell_value(const struct cell *cell, const char *name)
{
	const struct parameter *parameter = scenario_parameter(cell->scenario, name);

	return parameter ? cell->values[parameter - cell->scenario->parameters] : NULL;
}

/* Appends what stands for the `$word` at *text, and moves *text behind it. */
static int substitute_word(const struct cell *cell, const char **text, char *buffer, size_t size, struct err *err)
{
	size_t length = 1 + strspn(*text + 1, "abcdefghijklmnopqrstuvwxyz_");
	char word[64];
	const char *value;

	snprintf(word, sizeof(word), "%.*s", (int)(length < 63 ? length : 63), *text);
	value = strcmp(word, "$size") == 0 ? word : cell_value(cell, word + 1);
	if (!value)
		return err_set(err, EINVAL, "cannot read %s: it uses \"%s\" but declares no such parameter",
			       cell->scenario->name, word);
	*text += length;

	size_t used = strlen(buffer);

	if ((size_t)snprintf(buffer + used, size - used, "%s", value) >= size - used)
		return err_set(err, ENOSPC, "cannot read %s: \"%s\" is too long", cell->scenario->name, value);
	return 0;
}

int cell_substitute(const struct cell *cell, const char *text, char *buffer, size_t size, struct err *err)
{
	int status = 0;

	buffer[0] = '\0';
	while (*text && status == 0) {
		size_t used = strlen(buffer);

		if (*text == '$') {
			status = substitute_word(cell, &text, buffer, size, err);
		} else if (used + 2 > size) {
			status = err_set(err, ENOSPC, "cannot read %s: a request is too long", cell->scenario->name);
		} else {
			buffer[used] = *text++;
			buffer[used + 1] = '\0';
		}
	}
	return status;
}

static int make_operation(struct cell *cell, struct err *err)
{
	char line[256];
	int status = 0;

	for (unsigned i = 0; i < cell->scenario->operation_count && status == 0; i++) {
		status = cell_substitute(cell, cell->scenario->operation[i], line, sizeof(line), err);
		if (status == 0)
			status = request_parse(line, &cell->operation.requests[i], err);
	}
	cell->operation.count = cell->scenario->operation_count;
	return status;
}

static void make_cell(const struct scenario *scenario, const struct selection *selection, struct cell *ret)
{
	*ret = (struct cell){.scenario = scenario, .repeat = 1};
	for (unsigned i = 0; i < scenario->parameter_count; i++)
		ret->values[i] =
			parameters_value(&scenario->parameters[i], selection->parameters, selection->parameter_count);
}

static int make_operations(struct plan *plan, struct err *err)
{
	int status = 0;

	for (unsigned i = 0; i < plan->count && status == 0; i++)
		status = make_operation(&plan->cells[i], err);
	return status;
}

static int make_cells(const struct catalogue *catalogue, const struct selection *selection, struct plan *plan,
		      struct err *err)
{
	for (unsigned i = 0; i < catalogue->count; i++) {
		const struct scenario *scenario = &catalogue->scenarios[i];

		if ((selection->pattern_count &&
		     !matches(scenario->name, selection->patterns, selection->pattern_count)) ||
		    matches(scenario->name, selection->skips, selection->skip_count))
			continue;
		for (unsigned repeat = 1; repeat <= selection->repeats; repeat++) {
			struct cell *cell = &plan->cells[plan->count++];

			make_cell(scenario, selection, cell);
			cell->repeat = repeat;
		}
	}
	return plan->count ? 0 : err_set(err, EINVAL, "cannot run anything: --skip leaves no scenario");
}

int plan_make(const struct catalogue *catalogue, const struct selection *selection, struct plan *ret, struct err *err)
{
	struct plan plan = {0};
	int status = check_patterns(catalogue, "run", selection->patterns, selection->pattern_count, err);

	if (status == 0)
		status = check_patterns(catalogue, "skip", selection->skips, selection->skip_count, err);
	if (status < 0)
		return status;
	plan.cells = calloc((size_t)catalogue->count * selection->repeats, sizeof(*plan.cells));
	if (!plan.cells)
		return err_no_memory(err);
	status = make_cells(catalogue, selection, &plan, err);
	if (status == 0)
		status = parameters_check(&plan, selection->parameters, selection->parameter_count, err);
	if (status == 0)
		status = make_operations(&plan, err);
	if (status < 0)
		plan_free(&plan);
	*ret = plan;
	return status;
}

void plan_free(struct plan *plan)
{
	free(plan->cells);
	plan->cells = NULL;
	plan->count = 0;
}
