/*
 * Observations as JSON: there and back, hostile ones, and that no observation breaks a verdict.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fixtures.h"

static struct fixture *fixture;
static json_t *json;

static void load(void)
{
	fixture = fixture_load("many-mmaps-6.18");
	json = observation_to_json(&fixture->observation);
	cr_assert(json != NULL);
}

static void release(void)
{
	json_decref(json);
	fixture_free(fixture);
}

TestSuite(codec, .init = load, .fini = release);

static void expect_same_again(const struct observation *observation)
{
	json_t *first = observation_to_json(observation), *second;
	struct observation got;
	struct err err = {0};

	memset(&got, 0xff, sizeof(got));
	cr_assert(eq(int, observation_from_json(first, &got, &err), 0), "%s", err.text);
	second = observation_to_json(&got);
	cr_expect(json_equal(first, second));
	json_decref(first);
	json_decref(second);
}

Test(codec, captured_observations_come_back)
{
	static const char *const names[] = {"many-mmaps-6.18",     "big-fork-6.18",       "oversized-mmap-mode-2",
					    "ulimit-v-start-6.18", "mprotect-splits-6.1", "fixed-map-hole-6.1"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct fixture *other = fixture_load(names[i]);

		expect_same_again(&other->observation);
		fixture_free(other);
	}
}

Test(codec, unlimited_and_unknown_come_back)
{
	struct observation *observation = &fixture->observation, got;
	struct err err = {0};

	observation->before.machine.oom_kills = UNKNOWN;
	observation->before.machine.overcommit_kbytes = UNLIMITED;
	observation->before.process.limits[LIMIT_STACK] = (struct limit){0, UNLIMITED};
	observation->before.process.areas.known = false;
	observation->died = (struct death){true, -1, 9};
	observation->traced = (struct traced){true, EPERM, true, 3};
	observation->refusal.kernel_errno = 999;
	observation->refusal.address = UINT64_MAX;
	json_decref(json);
	json = observation_to_json(observation);
	cr_assert(eq(int, observation_from_json(json, &got, &err), 0), "%s", err.text);
	cr_expect(eq(u64, got.before.machine.oom_kills, UNKNOWN));
	cr_expect(eq(u64, got.before.machine.overcommit_kbytes, UNLIMITED));
	cr_expect(eq(u64, got.before.process.limits[LIMIT_STACK].soft, 0));
	cr_expect(eq(u64, got.before.process.limits[LIMIT_STACK].hard, UNLIMITED));
	cr_expect(not(got.before.process.areas.known));
	cr_expect(got.died.known && got.died.exit_status == -1 && got.died.signal == 9);
	cr_expect(got.traced.asked && got.traced.error == EPERM && got.traced.refused && got.traced.more == 3);
	cr_expect(eq(int, got.refusal.kernel_errno, 999));
	cr_expect(eq(int, got.refusal.api_errno, ENOMEM));
	cr_expect(eq(u64, got.refusal.address, UINT64_MAX));
}

Test(codec, outcomes_have_words)
{
	for (int outcome = 0; outcome < OUTCOMES; outcome++) {
		fixture->observation.outcome = (enum outcome)outcome;
		expect_same_again(&fixture->observation);
	}
}

static void expect_bad(const char *member, const char *value, const char *message)
{
	json_t *other = json_deep_copy(json);
	struct observation got = {.at_most = 77};
	struct err err = {0};

	if (value)
		json_object_set_new(other, member, json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(other, member);
	cr_expect(eq(int, observation_from_json(other, &got, &err), -EINVAL), "%s: %s", member, value);
	cr_expect(eq(str, err.text, (char *)message), "%s: %s", member, value);
	cr_expect(eq(u64, got.at_most, 77), "%s: %s changed it", member, value);
	json_decref(other);
}

Test(codec, bad_members_are_named)
{
	expect_bad("schema", NULL, "cannot read observation: bad \"schema\"");
	expect_bad("schema", "2", "cannot read observation: bad \"schema\"");
	expect_bad("outcome", NULL, "cannot read observation: bad \"outcome\"");
	expect_bad("outcome", "\"fine\"", "cannot read observation: bad \"outcome\"");
	expect_bad("pushes", NULL, "cannot read observation: bad \"pushes\"");
	expect_bad("pushes", "[1,2,3,4,5,6,7,8,9]", "cannot read observation: bad \"pushes\"");
	expect_bad("pushes", "[{\"more\": -1, \"error\": null}]", "cannot read observation: bad \"pushes\"");
	expect_bad("pushes", "[{\"more\": 1, \"error\": \"oops\"}]", "cannot read observation: bad \"pushes\"");
	expect_bad("pushes", "[{\"more\": 1}]", "cannot read observation: bad \"pushes\"");
	expect_bad("died", "{}", "cannot read observation: bad \"died\"");
	expect_bad("fix", "{}", "cannot read observation: bad \"fix\"");
	expect_bad("left", "\"nothing\"", "cannot read observation: bad \"left\"");
	expect_bad("left", "null", "cannot read observation: bad \"left\"");
	expect_bad("refusal", "{}", "cannot read observation: bad \"refusal\"");
	expect_bad("refusal",
		   "{\"call\": \"1234567890123456\", \"address\": \"0\", \"pages\": 1, \"errno\": null, \"api_errno\": "
		   "null}",
		   "cannot read observation: bad \"refusal\"");
	expect_bad("before", "7", "cannot read snapshot: it is no object");
	expect_bad("standing", NULL, "cannot read snapshot: it is no object");
	expect_bad("after", "[]", "cannot read snapshot: it is no object");
	expect_bad("after", "{\"mem_total_kib\": -1}", "cannot read snapshot: bad \"mem_total_kib\"");
	expect_bad("before", "{\"process\": {}, \"machine\": {}}", "cannot read snapshot: no map_count or vm_size_kib");
}

/* Calls `visit` with every value of the observation replaced once, one at a time. */
static void replace_each(json_t *root, json_t *at, json_t *value, void (*visit)(const json_t *root))
{
	const char *name;
	json_t *member;
	void *next;
	size_t i;

	json_object_foreach_safe(at, next, name, member)
	{
		json_incref(member);
		replace_each(root, member, value, visit);
		json_object_set(at, name, value);
		visit(root);
		json_object_set_new(at, name, member);
	}
	json_array_foreach(at, i, member)
	{
		json_incref(member);
		replace_each(root, member, value, visit);
		json_array_set(at, i, value);
		visit(root);
		json_array_set_new(at, i, member);
	}
}

static unsigned visited, read_well;

static void read_and_judge(const json_t *root)
{
	struct err err = {0};
	struct verdict verdict;

	visited++;
	if (observation_from_json(root, &fixture->observation, &err) < 0) {
		cr_expect(err.text[0] && err.code == EINVAL);
		return;
	}
	read_well++;
	verdict = fixture_verdict(fixture);
	cr_expect(verdict.word < VERDICT_WORDS);
	cr_expect(memchr(verdict.reason, '\0', sizeof(verdict.reason)) != NULL);
}

Test(codec, no_value_breaks_a_verdict)
{
	static const char *const values[] = {"null", "true", "-1",    "0",          "1",  "9223372036854775807",
					     "1.5",  "\"\"", "\"E\"", "\"ENOMEM\"", "[]", "{}"};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		json_t *value = json_loads(values[i], JSON_DECODE_ANY, NULL);

		replace_each(json, json, value, read_and_judge);
		json_decref(value);
	}
	cr_expect(visited > 1000 && read_well > 100, "%u, %u", visited, read_well);
}
