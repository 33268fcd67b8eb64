#include "plan/catalogue.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static int bad(struct err *err, const char *scenario, const char *member)
{
	return err_set(err, EINVAL, "cannot read catalogue: %s: bad \"%s\"", scenario ? scenario : "a scenario",
		       member);
}

static int read_parameter(const json_t *json, struct parameter *ret)
{
	static const char *const kinds[] = {"number", "bytes", "word"};
	const char *kind = text(json, "kind");
	int index = -1;

	for (int i = 0; kind && i < 3; i++) {
		if (strcmp(kind, kinds[i]) == 0)
			index = i;
	}
	ret->name = text(json, "name");
	ret->summary = text(json, "summary");
	ret->standard = text(json, "default");
	ret->words = text(json, "words");
	if (index < 0 || !ret->name || !ret->summary || !ret->standard || (index == PARAMETER_WORD && !ret->words))
		return -EINVAL;
	ret->kind = (enum parameter_kind)index;
	if (index != PARAMETER_WORD && (json_integer_value(json_object_get(json, "least")) < 0 ||
					json_integer_value(json_object_get(json, "most")) <= 0))
		return -EINVAL;
	ret->least = (uint64_t)json_integer_value(json_object_get(json, "least"));
	ret->most = (uint64_t)json_integer_value(json_object_get(json, "most"));
	return 0;
}

static int read_parameters(const json_t *list, struct scenario *ret)
{
	if (!json_is_array(list) || json_array_size(list) > PARAMETERS_MOST)
		return -EINVAL;
	ret->parameter_count = (unsigned)json_array_size(list);
	for (unsigned i = 0; i < ret->parameter_count; i++) {
		if (read_parameter(json_array_get(list, i), &ret->parameters[i]) < 0)
			return -EINVAL;
	}
	return 0;
}

static int read_operation(const json_t *list, struct scenario *ret)
{
	if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > SCENARIO_REQUESTS_MOST)
		return -EINVAL;
	ret->operation_count = (unsigned)json_array_size(list);
	for (unsigned i = 0; i < ret->operation_count; i++) {
		ret->operation[i] = json_string_value(json_array_get(list, i));
		if (!ret->operation[i])
			return -EINVAL;
	}
	return 0;
}

static int read_limits(const json_t *list, struct scenario *ret)
{
	if (!json_is_array(list) || json_array_size(list) > SCENARIO_LIMITS_MOST)
		return -EINVAL;
	ret->limit_count = (unsigned)json_array_size(list);
	for (unsigned i = 0; i < ret->limit_count; i++) {
		const json_t *limit = json_array_get(list, i);

		ret->limits[i] =
			(struct scenario_limit){text(limit, "resource"), text(limit, "value"), text(limit, "at")};
		if (!ret->limits[i].resource || !ret->limits[i].value || !ret->limits[i].at)
			return -EINVAL;
	}
	return 0;
}

static int read_scenario(const json_t *json, struct scenario *ret, struct err *err)
{
	const char *shape = text(json, "shape");

	ret->name = text(json, "name");
	ret->summary = text(json, "summary");
	ret->lesson = text(json, "lesson");
	ret->fix = text(json, "fix");
	ret->fix_name = text(json, "fix_name");
	ret->can_exempt = json_is_true(json_object_get(json, "can_exempt"));
	/* It is a file's name below scenarios/. */
	if (!ret->name || !*ret->name || strlen(ret->name) > 60 || strchr(ret->name, '/'))
		return bad(err, NULL, "name");
	if (!ret->summary || !ret->lesson || !ret->fix)
		return bad(err, ret->name, "summary, lesson or fix");
	if (!shape || (strcmp(shape, "count") != 0 && strcmp(shape, "size") != 0))
		return bad(err, ret->name, "shape");
	ret->is_size = strcmp(shape, "size") == 0;
	if (read_parameters(json_object_get(json, "parameters"), ret) < 0)
		return bad(err, ret->name, "parameters");
	if (read_operation(json_object_get(json, "operation"), ret) < 0)
		return bad(err, ret->name, "operation");
	return read_limits(json_object_get(json, "limits"), ret) < 0 ? bad(err, ret->name, "limits") : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct scenario *)a)->name, ((const struct scenario *)b)->name);
}

int catalogue_from_json(json_t *json, struct catalogue *ret, struct err *err)
{
	int status = 0;

	ret->json = json;
	ret->scenarios = NULL;
	ret->count = 0;
	if (!json_is_array(json) || json_array_size(json) == 0 || json_array_size(json) > 1000)
		return err_set(err, EINVAL, "cannot read catalogue: it is no list of scenarios");
	ret->scenarios = calloc(json_array_size(json), sizeof(*ret->scenarios));
	if (!ret->scenarios)
		return err_no_memory(err);
	for (unsigned i = 0; i < json_array_size(json) && status == 0; i++) {
		status = read_scenario(json_array_get(json, i), &ret->scenarios[i], err);
		ret->count += status == 0;
	}
	if (status == 0)
		qsort(ret->scenarios, ret->count, sizeof(*ret->scenarios), by_name);
	return status;
}

int catalogue_find_directory(char *directory, size_t size, struct err *err)
{
	const char *given = getenv("ENOMEM_LIBEXEC");
	char program[PATH_MAX - 64], candidate[PATH_MAX + 64];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (given) {
		snprintf(directory, size, "%s", given);
		return 0;
	}
	if (length <= 0) {
		err_set_errno(err, length < 0 ? errno : ENOENT, "cannot read /proc/self/exe");
		return err_advise(err, "mount /proc: enomem finds its programs and its numbers there");
	}
	program[length] = '\0';
	*strrchr(program, '/') = '\0';
	snprintf(candidate, sizeof(candidate), "%s/catalogue.json", program);
	if (access(candidate, R_OK) == 0)
		snprintf(directory, size, "%s", program);
	else
		snprintf(directory, size, "%s/../libexec/enomem", program);
	return 0;
}

int catalogue_load(struct catalogue *ret, struct err *err)
{
	char path[sizeof(ret->directory) + 32];
	json_error_t where;
	json_t *json;
	int status = catalogue_find_directory(ret->directory, sizeof(ret->directory), err);

	if (status < 0)
		return status;
	snprintf(path, sizeof(path), "%s/catalogue.json", ret->directory);
	json = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
	if (!json) {
		err_set(err, ENOENT, "cannot read catalogue %s: %s", path, where.text);
		return err_advise(
			err, "build the project (./bootstrap build) or set ENOMEM_LIBEXEC to where it is installed");
	}
	return catalogue_from_json(json, ret, err);
}

void catalogue_free(struct catalogue *catalogue)
{
	free(catalogue->scenarios);
	json_decref(catalogue->json);
	catalogue->scenarios = NULL;
	catalogue->json = NULL;
}

const struct scenario *catalogue_find(const struct catalogue *catalogue, const char *name)
{
	for (unsigned i = 0; i < catalogue->count; i++) {
		if (strcmp(catalogue->scenarios[i].name, name) == 0)
			return &catalogue->scenarios[i];
	}
	return NULL;
}

const struct parameter *scenario_parameter(const struct scenario *scenario, const char *name)
{
	for (unsigned i = 0; i < scenario->parameter_count; i++) {
		if (strcmp(scenario->parameters[i].name, name) == 0)
			return &scenario->parameters[i];
	}
	return NULL;
}
