#include "lib/fixtures.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *load(const char *name)
{
	char path[512];
	json_error_t where;
	json_t *json;

	snprintf(path, sizeof(path), "%s/%s.json", TEST_CELLS_DIR, name);
	json = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
	cr_assert(json != NULL, "%s:%d: %s", path, where.line, where.text);
	return json;
}

static void read_host(const json_t *json, struct host_facts *ret)
{
	snprintf(ret->kernel, sizeof(ret->kernel), "%s", json_string_value(json_object_get(json, "kernel")));
	ret->page_bytes = (uint64_t)json_integer_value(json_object_get(json, "page_bytes"));
	ret->cpus_present = (uint64_t)json_integer_value(json_object_get(json, "cpus_present"));
	cr_assert(ret->kernel[0] && ret->page_bytes && ret->cpus_present);
}

void fixture_catalogue(struct catalogue *ret)
{
	struct err err = {0};

	cr_assert(catalogue_from_json(load("catalogue"), ret, &err) == 0, "%s", err.text);
}

/* The cell that the specification was made of: its words are the values of all parameters. */
static void make_cell(const char *scenario, struct fixture *ret)
{
	const char *words[SPECIFICATION_WORDS_MOST];
	struct choice choice = {.pattern = scenario};
	struct selection selection = {.choices = &choice, .choice_count = 1, .parameters = words, .repeats = 1};
	struct err err = {0};

	for (unsigned i = 0; i < ret->specification.word_count; i++)
		words[i] = ret->specification.words[i];
	selection.parameter_count = ret->specification.word_count;
	fixture_catalogue(&ret->catalogue);
	cr_assert(plan_make(&ret->catalogue, &selection, &ret->plan, &err) == 0, "%s", err.text);
	ret->cell = &ret->plan.cells[0];
}

struct fixture *fixture_from_json(json_t *json, const char *name)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct err err = {0};

	cr_assert(fixture != NULL);
	read_host(json_object_get(json, "host"), &fixture->host);
	cr_assert(specification_from_json(json_object_get(json, "specification"), &fixture->specification, &err) == 0,
		  "%s: %s", name, err.text);
	cr_assert(observation_from_json(json_object_get(json, "observation"), &fixture->observation, &err) == 0,
		  "%s: %s", name, err.text);
	make_cell(json_string_value(json_object_get(json, "scenario")), fixture);
	json_decref(json);
	return fixture;
}

struct fixture *fixture_load(const char *name)
{
	return fixture_from_json(load(name), name);
}

void fixture_free(struct fixture *fixture)
{
	plan_free(&fixture->plan);
	catalogue_free(&fixture->catalogue);
	free(fixture);
}

struct verdict fixture_verdict(const struct fixture *fixture)
{
	return verdict_of(fixture->cell, &fixture->specification, &fixture->observation, &fixture->host, false);
}
