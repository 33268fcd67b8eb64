#include "compare/against.h"

#include <errno.h>
#include <string.h>

#include "compare/assignments.h"
#include "environment/environment.h"
#include "report/baseline.h"

/* The cell's key as a record has it. Release with record_free(). */
static int make_key(const struct cell *cell, struct record *ret, struct err *err)
{
	char environment[ENVIRONMENT_LABEL_BYTES];
	json_t *parameters = json_object();
	int status = 0;

	*ret = (struct record){.repeat = 1};
	for (unsigned i = 0; i < cell->scenario->parameter_count && status == 0; i++)
		status = json_object_set_new(parameters, cell->scenario->parameters[i].name,
					     json_string(cell->values[i]));
	if (status == 0)
		status = assignments_from_json(parameters, false, &ret->parameters);
	json_decref(parameters);
	ret->scenario = strdup(cell->scenario->name);
	ret->configuration = strdup(cell->configuration->name);
	ret->environment = strdup(cell_environment(cell, environment, sizeof(environment)));
	if (status == 0 && ret->scenario && ret->configuration && ret->environment)
		return 0;
	record_free(ret);
	return err_no_memory(err);
}

/* The file's record of the same cell, NULL when it has none. The records are sorted. */
static const struct record *find(const struct against *against, const struct record *key)
{
	const struct results *file = &against->comparison.before;
	size_t least = 0, end = file->count;

	while (least < end) {
		size_t middle = least + (end - least) / 2;
		int order = record_compare(key, &file->records[middle], against->any_environment);

		if (order == 0)
			return &file->records[middle];
		if (order > 0)
			least = middle + 1;
		else
			end = middle;
	}
	return NULL;
}

static bool has_other_environment(const struct results *file, const struct plan *plan)
{
	const char *one = results_environment(file);
	char other[ENVIRONMENT_LABEL_BYTES], next[ENVIRONMENT_LABEL_BYTES];

	cell_environment(&plan->cells[0], other, sizeof(other));
	for (unsigned i = 1; i < plan->cell_count; i++) {
		if (strcmp(cell_environment(&plan->cells[i], next, sizeof(next)), other) != 0)
			return false;
	}
	return one && strcmp(one, other) != 0;
}

/* 1 when the file has one of the plan's cells, 0 when none, or -ENOMEM. */
static int has_common(const struct against *against, const struct plan *plan, struct err *err)
{
	int found = 0;

	for (unsigned i = 0; i < plan->cell_count && found == 0; i++) {
		struct record key;

		if (make_key(&plan->cells[i], &key, err) < 0)
			return -ENOMEM;
		found = find(against, &key) != NULL;
		record_free(&key);
	}
	return found;
}

static int nothing_in_common(const struct against *against, const struct plan *plan, struct err *err)
{
	const struct results *file = &against->comparison.before;
	char label[160];

	record_label(&file->records[0], false, label, sizeof(label));
	err_set(err, EINVAL, "cannot compare with %.120s: none of the %u cells of this run is in it; its first is %s",
		file->name, plan->cell_count, label);
	if (file->header.command)
		return err_advise(err, "it is of: %s", file->header.command);
	return err_advise(err, "run the same scenarios, parameters and configurations");
}

int against_open(const char *path, const struct plan *plan, const struct catalogue *catalogue, struct against *ret,
		 struct err *err)
{
	int status;

	*ret = (struct against){.catalogue = catalogue, .comparison = {.partial = true}};
	status = results_read(path, &ret->comparison.before, err);
	if (status == 0)
		status = pairing_sort(&ret->comparison.before, err);
	if (status < 0)
		return status;
	ret->comparison.after.name = "this run";
	ret->comparison.after.reduced = true;
	ret->any_environment = has_other_environment(&ret->comparison.before, plan);
	status = has_common(ret, plan, err);
	return status == 0 ? nothing_in_common(ret, plan, err) : status < 0 ? status : 0;
}

void against_close(struct against *against)
{
	comparison_free(&against->comparison);
}

int against_add(struct against *against, const json_t *result, bool expected, struct pair *ret, struct err *err)
{
	struct results *run = &against->comparison.after;
	json_t *cell = baseline_cell(result);
	int status = cell ? json_object_set(cell, "schema", json_object_get(result, "schema")) : -1;

	/* Reduced as a baseline's cells are, so that what depends on the moment alone is not compared. */
	if (status == 0)
		status = results_add_result(run, run->count + 1, cell, err);
	else
		status = err_no_memory(err);
	json_decref(cell);
	if (status < 0)
		return status;
	*ret = (struct pair){.after = &run->records[run->count - 1]};
	ret->before = find(against, ret->after);
	against->unpaired_unexpected += !ret->before && !expected;
	return follow_pair(against->catalogue, ret, err);
}

int against_end(struct against *against, struct err *err)
{
	struct comparison_set *comparison = &against->comparison;
	int status = pairing_make(&comparison->before, &comparison->after, &comparison->pairing, err);

	return status < 0 ? status : comparison_judge(comparison, against->catalogue, err);
}
