#include "lib/results.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/result_json.h"

static json_t *make_result(const struct fixture *fixture, bool in_guest)
{
	struct run_facts *facts = calloc(1, sizeof(*facts));
	struct result *result = calloc(1, sizeof(*result));
	json_t *json;

	cr_assert(facts != NULL && result != NULL);
	facts->host.facts = fixture->host;
	result->run = facts;
	result->repeat = 1;
	result->isolation.namespaces = in_guest ? 0 : CLONE_NEWUSER;
	result->cell = fixture->cell;
	result->specification = fixture->specification;
	result->observation = fixture->observation;
	result->verdict =
		verdict_of(fixture->cell, &fixture->specification, &fixture->observation, &fixture->host, in_guest);
	json = result_to_json(result);
	cr_assert(json != NULL);
	free(result);
	free(facts);
	return json;
}

json_t *result_of_cell(const char *name)
{
	struct fixture *fixture = fixture_load(name);
	json_t *json = make_result(fixture, false);

	fixture_free(fixture);
	return json;
}

json_t *results_of_guest(const char *version)
{
	char path[512], name[32];
	json_t *list = json_array();
	char *line = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/../guests/%s.jsonl", TEST_CELLS_DIR, version);
	file = fopen(path, "r");
	cr_assert(file != NULL, "%s", path);
	while (getline(&line, &size, file) > 0) {
		struct fixture *fixture = fixture_from_json(json_loads(line, 0, NULL), path);
		json_t *result = make_result(fixture, true);

		snprintf(name, sizeof(name), "line %02zu", json_array_size(list) + 1);
		json_object_set_new(result, "configuration", json_string(name));
		json_array_append_new(list, result);
		fixture_free(fixture);
	}
	free(line);
	fclose(file);
	return list;
}

void result_set(json_t *result, const char *path, json_t *value)
{
	char name[64];

	while (strchr(path, '.')) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(path, "."), path);
		result = json_object_get(result, name);
		cr_assert(json_is_object(result), "%s", name);
		path += strlen(name) + 1;
	}
	cr_assert(json_object_set_new(result, path, value) == 0, "%s", path);
}

static int add(struct results *results, json_t *result, struct err *err)
{
	char *text = json_dumps(result, JSON_COMPACT | JSON_ENCODE_ANY);
	struct line line = {.text = text, .whole = true};
	int status;

	cr_assert(text != NULL);
	line.length = strlen(text);
	if (!results->name)
		results->name = "FILE";
	status = results_add_line(results, results->count + 1, &line, err);
	free(text);
	json_decref(result);
	return status;
}

void results_add(struct results *results, json_t *result)
{
	struct err err = {0};

	cr_assert(add(results, result, &err) == 0, "%s", err.text);
}

void results_add_bad(struct results *results, json_t *result, struct err *err)
{
	cr_assert(add(results, result, err) < 0);
}
