/*
 * Cell specifications as JSON: there and back, and what is no specification.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell/specification.h"

static struct specification full_specification(void)
{
	struct specification full = {.scenario = "many-mmaps",
				     .words = {"pages=1", "backing=anonymous"},
				     .word_count = 2,
				     .timeout_ms = 60000,
				     .at_most = INT64_MAX,
				     .reserve_maps = 1,
				     .reserve_pages = 2,
				     .reserve_commit_pages = 3,
				     .limit_count = 4,
				     .group_fds = {10, 11},
				     .group_count = 2,
				     .push_count = SPECIFICATION_PUSHES_MOST,
				     .ready_only = true,
				     .witness = true,
				     .program_fd = 9};

	full.limits[0] = (struct limit_setting){.resource = LIMIT_AS, .at_exec = true, .bytes = 4096};
	full.limits[1] = (struct limit_setting){.resource = LIMIT_MEMLOCK, .relative = true};
	full.limits[2] = (struct limit_setting){
		.resource = LIMIT_STACK, .bytes = UNLIMITED, .has_hard = true, .hard_bytes = UNLIMITED};
	full.limits[3] = (struct limit_setting){.resource = LIMIT_DATA, .has_hard = true, .hard_bytes = 8192};
	for (unsigned i = 0; i < SPECIFICATION_PUSHES_MOST; i++)
		full.pushes[i] =
			(struct push){(enum push_kind)(i % PUSH_KINDS), (enum limit_name)(i % LIMIT_COUNT), i * 7, ""};
	strcpy(full.pushes[PUSH_KNOB].knob, "vm.max_map_count");
	return full;
}

Test(specification, there_and_back)
{
	struct specification sent = full_specification(), got;
	struct err err = {0};
	json_t *json = specification_to_json(&sent);

	memset(&got, 0xff, sizeof(got));
	cr_assert(eq(int, specification_from_json(json, &got, &err), 0), "%s", err.text);
	json_decref(json);
	cr_expect(eq(str, got.scenario, "many-mmaps"));
	cr_expect(eq(uint, got.word_count, 2));
	cr_expect(eq(str, got.words[1], "backing=anonymous"));
	cr_expect(eq(u64, got.at_most, INT64_MAX));
	cr_expect(eq(u64, got.timeout_ms, 60000));
	cr_expect(got.reserve_maps == 1 && got.reserve_pages == 2 && got.reserve_commit_pages == 3);
	cr_expect(got.limits[0].at_exec && !got.limits[0].relative && got.limits[0].bytes == 4096);
	cr_expect(got.limits[1].relative && !got.limits[1].at_exec && got.limits[1].resource == LIMIT_MEMLOCK);
	cr_expect(got.limits[0].has_hard == false && got.limits[1].has_hard == false);
	cr_expect(got.limits[2].bytes == UNLIMITED && got.limits[2].has_hard && got.limits[2].hard_bytes == UNLIMITED);
	cr_expect(got.limits[3].has_hard && got.limits[3].hard_bytes == 8192);
	cr_expect(got.group_count == 2 && got.group_fds[0] == 10 && got.group_fds[1] == 11);
	cr_expect(eq(str, got.pushes[PUSH_KNOB].knob, "vm.max_map_count"));
	cr_assert(eq(uint, got.push_count, SPECIFICATION_PUSHES_MOST));
	for (unsigned i = 0; i < SPECIFICATION_PUSHES_MOST; i++)
		cr_expect(got.pushes[i].kind == sent.pushes[i].kind &&
			  got.pushes[i].resource == sent.pushes[i].resource && got.pushes[i].amount == i * 7);
	cr_expect(got.ready_only && got.witness && got.program_fd == 9);
}

/* A good specification with one member replaced, or left out when `value` is NULL. */
static void expect_bad(const char *member, const char *value, const char *named)
{
	struct specification full = full_specification(), got = {.at_most = 77};
	json_t *json = specification_to_json(&full);
	struct err err = {0};
	char message[128];

	if (value)
		json_object_set_new(json, member, json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(json, member);
	snprintf(message, sizeof(message), "cannot read cell specification: bad \"%s\"", named);
	cr_expect(eq(int, specification_from_json(json, &got, &err), -EINVAL), "%s: %s", member, value);
	cr_expect(eq(str, err.text, message), "%s: %s", member, value);
	cr_expect(eq(u64, got.at_most, 77), "%s: %s", member, value);
	json_decref(json);
}

Test(specification, every_member_is_needed)
{
	static const char *const members[] = {"schema",  "scenario",     "words",         "timeout_ms",
					      "at_most", "reserve_maps", "reserve_pages", "reserve_commit_pages",
					      "limits",  "pushes",       "program_fd"};
	static const char *const values[] = {NULL, "null", "1.5", "{}", "[[]]", "[null]", "-1.0e300"};

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		for (size_t j = 0; j < sizeof(values) / sizeof(*values); j++)
			expect_bad(members[i], values[j], members[i]);
	}
}

Test(specification, numbers_and_words_within_bounds)
{
	expect_bad("schema", "2", "schema");
	expect_bad("at_most", "-1", "at_most");
	expect_bad("timeout_ms", "\"60000\"", "timeout_ms");
	expect_bad("scenario", "\"123456789012345678901234567890123456789012345678901234567890abcd\"", "scenario");
	expect_bad("words", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]", "words");
	expect_bad("words", "[\"123456789012345678901234567890123456789012345678901234567890abcd\"]", "words");
	expect_bad("words", "[1]", "words");
	expect_bad("limits", "[{\"resource\": \"as\", \"at\": \"run\", \"relative\": false}]", "limits");
	expect_bad("limits", "[{\"resource\": \"nofile\", \"at\": \"run\", \"relative\": false, \"bytes\": 1}]",
		   "limits");
	expect_bad("limits", "[{\"resource\": \"as\", \"at\": \"run\", \"relative\": false, \"bytes\": -1}]", "limits");
	expect_bad("limits", "[{\"resource\": \"as\", \"at\": \"run\", \"relative\": 0, \"bytes\": 1}]", "limits");
	expect_bad("limits", "[{}, {}, {}, {}, {}, {}, {}, {}, {}]", "limits");
	expect_bad("limits",
		   "[{\"resource\": \"as\", \"at\": \"run\", \"relative\": false, \"bytes\": 1, \"hard_bytes\": -1}]",
		   "limits");
	expect_bad("group_fds", "[1, 2, 3]", "group_fds");
	expect_bad("group_fds", "[\"1\"]", "group_fds");
	expect_bad("pushes", "[{\"kind\": \"pull\", \"resource\": \"as\", \"amount\": 1}]", "pushes");
	expect_bad("pushes", "[{\"kind\": \"maps\", \"resource\": \"core\", \"amount\": 1}]", "pushes");
	expect_bad("pushes", "[{\"kind\": \"maps\", \"resource\": \"as\", \"amount\": -7}]", "pushes");
	expect_bad("pushes", "[{\"kind\": \"maps\", \"amount\": 7}]", "pushes");
	expect_bad("pushes", "[1,2,3,4,5,6,7,8,9]", "pushes");
}

Test(specification, of_other_json)
{
	static const char *const texts[] = {"null", "[]", "7", "\"x\"", "{}", "true"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		json_t *json = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		struct specification got;
		struct err err = {0};

		cr_expect(eq(int, specification_from_json(json, &got, &err), -EINVAL), "%s", texts[i]);
		json_decref(json);
	}
}

/* No other word may pass for "run". */
Test(specification, limits_at_exec_or_run_only)
{
	expect_bad("limits", "[{\"resource\": \"as\", \"at\": \"exce\", \"relative\": false, \"bytes\": 1}]", "limits");
}
