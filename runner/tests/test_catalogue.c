/*
 * The catalogue: what the build makes, and JSON that no build makes.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fixtures.h"

#define SCENARIO(name, more)                                                                                     \
	"{\"name\": \"" name "\", \"summary\": \"s\", \"lesson\": \"l\", \"fix\": \"f\", \"shape\": \"count\", " \
	"\"parameters\": [], \"operation\": [\"fork\"], \"limits\": []" more "}"

static int read(const char *text, struct catalogue *ret, struct err *err)
{
	json_error_t where;
	json_t *json = json_loads(text, JSON_DECODE_ANY, &where);

	cr_assert(json != NULL, "%s: %s", where.text, text);
	return catalogue_from_json(json, ret, err);
}

Test(catalogue, of_a_build)
{
	struct catalogue catalogue;
	const struct scenario *scenario;
	const struct parameter *parameter;

	fixture_catalogue(&catalogue);
	cr_expect(eq(uint, catalogue.count, 8));
	scenario = catalogue_find(&catalogue, "ulimit-v");
	cr_assert(scenario != NULL);
	cr_expect(not(scenario->is_size));
	cr_expect(eq(uint, scenario->parameter_count, 3));
	cr_expect(eq(uint, scenario->limit_count, 1));
	cr_expect(eq(str, (char *)scenario->limits[0].resource, "as"));
	cr_expect(scenario->fix_name == NULL);
	parameter = scenario_parameter(scenario, "limit");
	cr_assert(parameter != NULL);
	cr_expect(parameter->kind == PARAMETER_BYTES);
	cr_expect(eq(u64, parameter->least, 4096));
	cr_expect(eq(u64, parameter->most, UINT64_C(1) << 47));
	cr_expect(scenario_parameter(scenario, "vmas") == NULL);
	scenario = catalogue_find(&catalogue, "big-fork");
	cr_expect(scenario->is_size && scenario->can_exempt);
	cr_expect(eq(str, (char *)scenario->fix_name, "vfork"));
	cr_expect(eq(uint, scenario->operation_count, 3));
	cr_expect(catalogue_find(&catalogue, "big") == NULL);
	catalogue_free(&catalogue);
	cr_expect(catalogue.scenarios == NULL && catalogue.json == NULL);
	catalogue_free(&catalogue);
}

Test(catalogue, is_sorted_by_name)
{
	struct catalogue catalogue;
	struct err err = {0};

	cr_assert(eq(int, read("[" SCENARIO("b", "") "," SCENARIO("a", "") "," SCENARIO("c", "") "]", &catalogue, &err),
		     0));
	cr_expect(eq(str, (char *)catalogue.scenarios[0].name, "a"));
	cr_expect(eq(str, (char *)catalogue.scenarios[2].name, "c"));
	catalogue_free(&catalogue);
}

static void expect_bad(const char *text, const char *message)
{
	struct catalogue catalogue;
	struct err err = {0};

	cr_expect(eq(int, read(text, &catalogue, &err), -EINVAL), "%s", text);
	cr_expect(eq(str, err.text, (char *)message), "%s", text);
	catalogue_free(&catalogue);
}

Test(catalogue, that_is_no_list)
{
	static const char message[] = "cannot read catalogue: it is no list of scenarios";

	expect_bad("{}", message);
	expect_bad("[]", message);
	expect_bad("null", message);
	expect_bad("7", message);
	expect_bad("\"many-mmaps\"", message);
	expect_bad("[7]", "cannot read catalogue: a scenario: bad \"name\"");
	expect_bad("[{}]", "cannot read catalogue: a scenario: bad \"name\"");
	expect_bad("[[]]", "cannot read catalogue: a scenario: bad \"name\"");
	expect_bad("[{\"name\": 7}]", "cannot read catalogue: a scenario: bad \"name\"");
	expect_bad("[{\"name\": \"x\"}]", "cannot read catalogue: x: bad \"summary, lesson or fix\"");
}

/* The later of two members of one name counts, so each of these spoils a good scenario. */
Test(catalogue, with_bad_members)
{
	static const struct {
		const char *member, *name;
	} bad[] = {
		{"\"shape\": \"round\"", "shape"},
		{"\"shape\": 1", "shape"},
		{"\"fix\": null", "summary, lesson or fix"},
		{"\"lesson\": []", "summary, lesson or fix"},
		{"\"operation\": []", "operation"},
		{"\"operation\": \"fork\"", "operation"},
		{"\"operation\": [1]", "operation"},
		{"\"operation\": [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]", "operation"},
		{"\"limits\": {}", "limits"},
		{"\"limits\": [{}]", "limits"},
		{"\"limits\": [{\"resource\": \"as\", \"value\": \"1\"}]", "limits"},
		{"\"limits\": [1, 2, 3]", "limits"},
		{"\"parameters\": 0", "parameters"},
		{"\"parameters\": [{}]", "parameters"},
		{"\"parameters\": [1,2,3,4,5,6,7,8,9]", "parameters"},
		{"\"parameters\": [{\"name\": \"n\", \"summary\": \"s\", \"default\": \"1\", \"kind\": \"float\"}]",
		 "parameters"},
		{"\"parameters\": [{\"name\": \"n\", \"summary\": \"s\", \"default\": \"a\", \"kind\": \"word\"}]",
		 "parameters"},
		{"\"parameters\": [{\"name\": \"n\", \"summary\": \"s\", \"default\": 1, \"kind\": \"number\"}]",
		 "parameters"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char text[1024], message[128];

		snprintf(text, sizeof(text), "[" SCENARIO("good", "") ", " SCENARIO("x", ", %s") "]", bad[i].member);
		snprintf(message, sizeof(message), "cannot read catalogue: x: bad \"%s\"", bad[i].name);
		expect_bad(text, message);
	}
}

Test(catalogue, names_have_60_letters_at_most)
{
	struct catalogue catalogue;
	struct err err = {0};
	char text[512], name[62];

	memset(name, 'n', 61);
	name[61] = '\0';
	snprintf(text, sizeof(text), "[" SCENARIO("%s", "") "]", name);
	expect_bad(text, "cannot read catalogue: a scenario: bad \"name\"");
	name[60] = '\0';
	snprintf(text, sizeof(text), "[" SCENARIO("%s", "") "]", name);
	cr_expect(eq(int, read(text, &catalogue, &err), 0));
	catalogue_free(&catalogue);
}

Test(catalogue, of_too_many_scenarios)
{
	json_t *list = json_array();
	struct catalogue catalogue;
	struct err err = {0};

	for (int i = 0; i < 1001; i++)
		json_array_append_new(list, json_integer(i));
	cr_expect(eq(int, catalogue_from_json(list, &catalogue, &err), -EINVAL));
	cr_expect(catalogue.scenarios == NULL);
	catalogue_free(&catalogue);
}

Test(catalogue, where_there_is_none)
{
	struct catalogue catalogue = {0};
	struct err err = {0};

	setenv("ENOMEM_LIBEXEC", "/nonexistent", 1);
	cr_expect(eq(int, catalogue_load(&catalogue, &err), -ENOENT));
	cr_expect(strstr(err.text, "cannot read catalogue /nonexistent/catalogue.json: ") == err.text, "%s", err.text);
	cr_expect(strstr(err.advice, "ENOMEM_LIBEXEC") != NULL);
	catalogue_free(&catalogue);
	setenv("ENOMEM_LIBEXEC", TEST_HOSTS_DIR "/../cells", 1);
	cr_expect(eq(int, catalogue_load(&catalogue, &err), 0));
	cr_expect(eq(str, catalogue.directory, TEST_HOSTS_DIR "/../cells"));
	catalogue_free(&catalogue);
}
