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
static int check_pattern(const struct catalogue *catalogue, const char *verb, const char *pattern, struct err *err)
{
	struct suggestion near = {0};

	for (unsigned i = 0; i < catalogue->count; i++) {
		if (fnmatch(pattern, catalogue->scenarios[i].name, 0) == 0)
			return 0;
		suggest_consider(&near, pattern, catalogue->scenarios[i].name);
	}
	err_set(err, EINVAL, "cannot %s \"%s\": there is no such scenario", verb, pattern);
	if (near.word)
		return err_advise(err, "did you mean \"%s\"?", near.word);
	return err_advise(err, "`enomem list` shows the scenarios");
}

static bool is_chosen_in(const struct choice *choice, const struct configuration *configuration)
{
	return !choice->configurations || fnmatch(choice->configurations, configuration->name, FNM_EXTMATCH) == 0;
}

/* The same of a choice's configurations. */
static int check_configurations(const struct selection *selection, const struct choice *choice, struct err *err)
{
	for (unsigned i = 0; i < selection->configuration_count; i++) {
		if (is_chosen_in(choice, &selection->configurations[i]))
			return 0;
	}
	return err_set(err, EINVAL, "cannot run \"%s\" in configurations \"%s\": there is none of that name",
		       choice->pattern, choice->configurations);
}

static int check_patterns(const struct catalogue *catalogue, const struct selection *selection, struct err *err)
{
	int status = 0;

	for (unsigned i = 0; i < selection->choice_count && status == 0; i++)
		status = check_pattern(catalogue, "run", selection->choices[i].pattern, err);
	for (unsigned i = 0; i < selection->choice_count && status == 0; i++)
		status = check_configurations(selection, &selection->choices[i], err);
	for (unsigned i = 0; i < selection->skip_count && status == 0; i++)
		status = check_pattern(catalogue, "skip", selection->skips[i], err);
	return status;
}

/*
 * A scenario's own limit, when the configuration sets the same one: the configuration's counts, and
 * the parameter shows it. Both given is a contradiction.
 */
static int take_limits(struct cell *cell, const struct choice *choice, const struct selection *selection,
		       struct err *err)
{
	for (unsigned i = 0; i < cell->scenario->limit_count; i++) {
		const struct scenario_limit *limit = &cell->scenario->limits[i];
		int resource = limit_from_word(limit->resource);
		const struct setting *setting =
			resource < 0
				? NULL
				: configuration_find(cell->configuration, (enum knob_id)(KNOB_LIMIT_AS + resource));
		const struct parameter *parameter = scenario_parameter(cell->scenario, limit->value + 1);
		struct setting soft;

		if (!setting || limit->value[0] != '$' || !parameter || setting->value == UNLIMITED)
			continue;
		if (parameters_given(parameter, choice->parameters, choice->parameter_count) ||
		    parameters_given(parameter, selection->parameters, selection->parameter_count))
			return err_set(
				err, EINVAL,
				"cannot run %s in configuration \"%s\": both the parameter \"%s\" and %s are given",
				cell->scenario->name, cell->configuration->name, parameter->name, setting->knob->name);
		if (setting->value < parameter->least || setting->value > parameter->most)
			return err_set(
				err, EINVAL,
				"cannot run %s in configuration \"%s\": %s is out of the range of its parameter \"%s\"",
				cell->scenario->name, cell->configuration->name, setting->knob->name, parameter->name);
		soft = *setting;
		soft.has_hard = false;
		setting_format(&soft, cell->limit_value, sizeof(cell->limit_value));
		cell->values[parameter - cell->scenario->parameters] = cell->limit_value;
	}
	return 0;
}

static int make_cell(struct cell *cell, const struct choice *choice, const struct selection *selection, struct err *err)
{
	const struct scenario *scenario = cell->scenario;
	int status;

	for (unsigned i = 0; i < scenario->parameter_count; i++) {
		const struct parameter *parameter = &scenario->parameters[i];

		/* A choice's own parameters count before those for all. */
		cell->values[i] = parameters_value(parameter, parameter->standard, selection->parameters,
						   selection->parameter_count);
		cell->values[i] =
			parameters_value(parameter, cell->values[i], choice->parameters, choice->parameter_count);
	}
	status = take_limits(cell, choice, selection, err);
	return status < 0 ? status : cell_make_operation(cell, err);
}

/* Whether the cell was chosen before, by another glob, with the same values. */
static bool is_planned(const struct plan *plan, const struct cell *cell)
{
	for (unsigned i = 0; i < plan->cell_count; i++) {
		const struct cell *other = &plan->cells[i];
		unsigned same = 0;

		if (other->scenario != cell->scenario || other->configuration != cell->configuration ||
		    other->environment != cell->environment || strcmp(other->kernel, cell->kernel) != 0)
			continue;
		while (same < cell->scenario->parameter_count && strcmp(other->values[same], cell->values[same]) == 0)
			same++;
		if (same == cell->scenario->parameter_count)
			return true;
	}
	return false;
}

/* The cells of one scenario: one for each choice of it with other parameters. */
static int make_scenario(const struct scenario *scenario, const struct selection *selection, const struct cell *like,
			 struct plan *plan, struct err *err)
{
	int status = 0;

	if (matches(scenario->name, selection->skips, selection->skip_count))
		return 0;
	for (unsigned i = 0; i < selection->choice_count && status == 0; i++) {
		struct cell *cell = &plan->cells[plan->cell_count];

		if (fnmatch(selection->choices[i].pattern, scenario->name, 0) != 0 ||
		    !is_chosen_in(&selection->choices[i], like->configuration))
			continue;
		*cell = *like;
		cell->scenario = scenario;
		status = make_cell(cell, &selection->choices[i], selection, err);
		plan->cell_count += status == 0 && !is_planned(plan, cell);
	}
	return status;
}

static int make_cells(const struct catalogue *catalogue, const struct selection *selection, struct plan *plan,
		      struct err *err)
{
	int status = 0;

	for (unsigned i = 0; i < selection->environment_count; i++) {
		for (unsigned j = 0; j < selection->configuration_count; j++) {
			struct cell like = {.configuration = &selection->configurations[j],
					    .environment = selection->environments[i].id,
					    .kernel = selection->environments[i].kernel};

			for (unsigned k = 0; k < catalogue->count && status == 0; k++)
				status = make_scenario(&catalogue->scenarios[k], selection, &like, plan, err);
		}
	}
	if (status == 0 && plan->cell_count == 0)
		status = err_set(err, EINVAL, "cannot run anything: --skip leaves no scenario");
	return status;
}

static int unsettable(const struct setting *setting, const struct selection *selection, unsigned configuration,
		      struct err *err)
{
	err_set(err, EPERM, "cannot set %s of configuration \"%s\" in environment %s: it is one for the whole %s",
		setting->knob->name, selection->configurations[configuration].name,
		environment_word(selection->environments[0].id), scope_word(setting->knob->scope));
	if (!(setting->knob->environments & IN_HOST))
		return err_advise(err, "environment vm can: --env vm:KERNEL; `enomem kernels list` shows the kernels");
	return err_advise(err,
			  "environment host can, as root: --allow-host-changes; --dry-run --env host shows what that "
			  "would change");
}

/* A knob that no environment of the plan can set is a mistake; one that some can is skipped in the others. */
static int check_settable(const struct selection *selection, struct err *err)
{
	for (unsigned i = 0; i < selection->configuration_count; i++) {
		const struct setting *setting = NULL;
		bool settable = false;

		for (unsigned j = 0; j < selection->environment_count && !settable; j++) {
			const struct setting *unsettable =
				configuration_unsettable(&selection->configurations[i], selection->environments[j].id);

			setting = unsettable ? unsettable : setting;
			settable = !unsettable;
		}
		if (settable || !setting)
			continue;
		return unsettable(setting, selection, i, err);
	}
	return 0;
}

/* What is left out has a default. */
static struct selection complete(const struct selection *selection)
{
	static const struct choice all = {.pattern = "*"};
	static const struct configuration standard = {.name = "default"};
	static const struct environment_choice here[] = {{.id = ENVIRONMENT_NS}};
	struct selection whole = *selection;

	if (whole.choice_count == 0) {
		whole.choices = &all;
		whole.choice_count = 1;
	}
	if (whole.configuration_count == 0) {
		whole.configurations = &standard;
		whole.configuration_count = 1;
	}
	if (whole.environment_count == 0) {
		whole.environments = here;
		whole.environment_count = 1;
	}
	return whole;
}

static int too_many(struct err *err)
{
	err_set(err, E2BIG, "cannot plan more than %u runs of cells", PLAN_RUNS_MOST);
	return err_advise(err, "use fewer configurations, scenarios or repeats");
}

static int allocate(const struct catalogue *catalogue, const struct selection *selection, struct plan *plan,
		    struct err *err)
{
	uint64_t cells = (uint64_t)catalogue->count * selection->choice_count * selection->configuration_count *
			 selection->environment_count;

	if (cells > PLAN_RUNS_MOST)
		return too_many(err);
	plan->cells = calloc(cells ? cells : 1, sizeof(*plan->cells));
	return plan->cells ? 0 : err_no_memory(err);
}

int plan_make(const struct catalogue *catalogue, const struct selection *selection, struct plan *ret, struct err *err)
{
	struct selection whole = complete(selection);
	struct plan plan = {.repeats = whole.repeats};
	int status = check_patterns(catalogue, &whole, err);

	if (status == 0)
		status = check_settable(&whole, err);
	if (status == 0)
		status = allocate(catalogue, &whole, &plan, err);
	if (status == 0)
		status = parameters_check(catalogue, &whole, err);
	if (status == 0)
		status = make_cells(catalogue, &whole, &plan, err);
	plan.count = plan.cell_count * plan.repeats;
	if (status == 0 && (uint64_t)plan.cell_count * plan.repeats > PLAN_RUNS_MOST)
		status = too_many(err);
	if (status < 0)
		plan_free(&plan);
	*ret = plan;
	return status;
}

void plan_free(struct plan *plan)
{
	free(plan->cells);
	*plan = (struct plan){0};
}

const struct cell *plan_cell(const struct plan *plan, unsigned index)
{
	return &plan->cells[index / plan->repeats];
}

unsigned plan_repeat(const struct plan *plan, unsigned index)
{
	return index % plan->repeats + 1;
}
