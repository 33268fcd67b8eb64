/*
 * Baselines: what they leave out, what they keep, that they explain as much as the results that they
 * were made of, and that a file is written whole or not at all.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/baselines.h"
#include "report/baseline.h"

static struct catalogue catalogue;

static void load(void)
{
	fixture_catalogue(&catalogue);
}

static void release(void)
{
	catalogue_free(&catalogue);
}

TestSuite(baseline, .init = load, .fini = release);

/* The baseline of one captured cell with one member changed; NULL: unchanged. To be freed. */
static char *with(const char *cell, const char *path, json_t *value)
{
	json_t *result = result_of_cell(cell), *list = json_array();

	if (path)
		result_set(result, path, value);
	json_array_append_new(list, result);
	return baseline_of(list);
}

static void expect(const char *cell, const char *path, json_t *value, bool same)
{
	char *plain = with(cell, NULL, NULL), *changed = with(cell, path, value);

	cr_expect(eq(int, strcmp(plain, changed) == 0, same), "%s: %s\n%s\n%s", cell, path, plain, changed);
	free(plain);
	free(changed);
}

/* What depends on the moment, on the build or on the machine. */
Test(baseline, leaves_out)
{
	static const char *const paths[] = {
		"tool",
		"cpu",
		"timings",
		"reason",
		"difference",
		"disturbance_pages",
		"refusal.address",
		"refusal.pages",
		"cause.text",
		"cause.value",
		"prediction.text",
		"snapshots.at_refusal",
		"snapshots.after",
		"snapshots.before.machine.mem_available_kib",
		"snapshots.before.machine.oom_kills",
		"snapshots.before.machine.committed_as_kib",
		"host.distribution",
		"host.topology",
		"host.numbers",
		"host.cgroup_limits",
		"isolation.uid",
		"isolation.missing",
		"isolation.own_proc",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		expect("many-mmaps-6.18", paths[i], json_integer(123), true);
	expect("many-mmaps-6.18", "isolation.namespaces", json_pack("[s, s]", "user", "pid"), true);
}

Test(baseline, keeps)
{
	expect("many-mmaps-6.18", "refusal.accepted", json_integer(1), false);
	expect("many-mmaps-6.18", "refusal.errno", json_string("EAGAIN"), false);
	expect("many-mmaps-6.18", "refusal.api_errno", json_string("EAGAIN"), false);
	expect("many-mmaps-6.18", "cause.check", json_string("other"), false);
	expect("many-mmaps-6.18", "cause.function", json_string("other"), false);
	expect("many-mmaps-6.18", "verdict", json_string("OFF"), false);
	expect("many-mmaps-6.18", "kernel", json_string("6.19.1"), false);
	expect("many-mmaps-6.18", "configuration", json_string("other"), false);
	expect("many-mmaps-6.18", "settings", json_pack("{s:i}", "vm.max_map_count", 1000), false);
	expect("many-mmaps-6.18", "isolation.namespaces", json_array(), false);
	expect("many-mmaps-6.18", "snapshots.before.machine.mem_total_kib", json_integer(1), false);
	expect("many-mmaps-6.18", "snapshots.before.process.map_count", json_integer(1), false);
	/* Members of other parts of enomem, where they are there. */
	expect("many-mmaps-6.18", "witness", json_pack("{s:s}", "function", "do_mmap"), false);
	expect("many-mmaps-6.18", "left", json_pack("{s:s, s:s}", "predicted", "hole", "measured", "hole"), false);
	/* It decides in mode 2, and only there. */
	expect("oversized-mmap-mode-2-exact", "snapshots.before.machine.committed_as_kib", json_integer(1), false);
}

/* Where address space is what bounds it, the number is a matter of chance. */
Test(baseline, by_chance)
{
	json_t *result = result_of_cell("oversized-mmap-6.18"), *cell, *refusal;

	result_set(result, "cause.check", json_string("address-space"));
	cell = baseline_cell(result);
	refusal = json_object_get(cell, "refusal");
	cr_expect(eq(int, json_is_null(json_object_get(refusal, "accepted")), true));
	cr_expect(eq(str, (char *)json_string_value(json_object_get(refusal, "bounded_by")), "address-space"));
	json_decref(cell);
	json_decref(result);
	expect("oversized-mmap-6.18", "snapshots.before.process.areas.largest_gap_pages", json_integer(34000000000),
	       true);
	expect("oversized-mmap-6.18", "snapshots.before.process.areas.largest_gap_pages", json_integer(1000), false);
}

static void add_number(struct results *results, const char *check, json_t *accepted)
{
	json_t *result = result_of_cell("oversized-mmap-6.18");

	result_set(result, "cause.check", json_string(check));
	result_set(result, "refusal.accepted", accepted);
	if (json_is_null(accepted))
		result_set(result, "refusal.bounded_by", json_string("address-space"));
	results_add(results, result);
}

/* No number is compared with one that is a matter of chance, but the rest is. */
Test(baseline, compare_by_chance)
{
	struct comparison_set comparison = {0};
	char *text;

	add_number(&comparison.before, "address-space", json_null());
	add_number(&comparison.after, "address-space", json_integer(34170000000));
	text = comparison_text(&comparison, &catalogue);
	cr_expect(eq(str, text, "1 pair: 1 unchanged, 0 moved or changed\n"));
	free(text);
	comparison_free(&comparison);
	comparison = (struct comparison_set){0};
	add_number(&comparison.before, "address-space", json_null());
	add_number(&comparison.after, "rlimit-as", json_integer(5));
	text = comparison_text(&comparison, &catalogue);
	cr_expect(ne(ptr, strstr(text, "check address-space -> rlimit-as"), NULL), "%s", text);
	cr_expect(eq(sz, comparison.moved, 1));
	free(text);
	comparison_free(&comparison);
}

static bool is_by_chance(const json_t *result)
{
	const char *check = json_string_value(json_object_get(json_object_get(result, "cause"), "check"));

	return check && strcmp(check, "address-space") == 0;
}

/* Results without what a baseline does not say of a host, and without those that are a matter of chance. */
static json_t *guest(const char *version)
{
	json_t *results = results_of_guest(version), *result;
	char environment[32];
	size_t i;

	for (i = json_array_size(results); i > 0; i--) {
		if (is_by_chance(json_array_get(results, i - 1)))
			json_array_remove(results, i - 1);
	}
	snprintf(environment, sizeof(environment), "vm:debian:%s", version);
	json_array_foreach(results, i, result)
	{
		result_set(result, "environment", json_string(environment));
		result_set(result, "host.distribution", json_string(""));
	}
	return results;
}

static void add_all(struct results *results, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		results_add(results, json_incref(json_array_get(list, i)));
}

static void add_side(struct results *ret, const char *version, bool as_baseline)
{
	json_t *results = guest(version);
	size_t most_bytes = 900 * (json_array_size(results) + 1);
	struct err err = {0};
	char *text;

	if (!as_baseline) {
		add_all(ret, results);
		json_decref(results);
		return;
	}
	text = baseline_of(results);
	cr_expect(lt(sz, strlen(text), most_bytes), "%zu", strlen(text));
	cr_assert(eq(int, results_add_text(ret, text, &err), 0), "%s", err.text);
	free(text);
}

/* What is said of two kernels is the same whether their results or their baselines are compared, or one of each. */
Test(baseline, explains_as_much)
{
	static const char *const kernels[] = {"5.10", "6.1", "6.12", "6.18", "7.2"};
	char *texts[4];

	for (int kernel = 0; kernel < 4; kernel++) {
		for (int way = 0; way < 4; way++) {
			struct comparison_set comparison = {0};

			add_side(&comparison.before, kernels[kernel], way & 1);
			add_side(&comparison.after, kernels[kernel + 1], way & 2);
			texts[way] = comparison_text(&comparison, &catalogue);
			comparison_free(&comparison);
		}
		for (int way = 1; way < 4; way++) {
			cr_expect(eq(str, texts[way], texts[0]));
			free(texts[way]);
		}
		free(texts[0]);
	}
}

/* Settings explain from a baseline, too, and it is the same file again when it is made of the same results. */
Test(baseline, settings)
{
	json_t *list = json_array(), *other = result_of_cell("many-mmaps-6.18");
	struct comparison_set comparison = {0};
	struct err err = {0};
	char *text;

	result_set(other, "refusal.accepted", json_integer(978));
	result_set(other, "snapshots.before.machine.max_map_count", json_integer(1000));
	json_array_append_new(list, result_of_cell("ulimit-v-6.18"));
	json_array_append_new(list, result_of_cell("many-mmaps-6.18"));
	text = baseline_of(list);
	cr_assert(eq(int, results_add_text(&comparison.before, text, &err), 0), "%s", err.text);
	free(text);
	results_add(&comparison.after, other);
	results_add(&comparison.after, result_of_cell("ulimit-v-6.18"));
	text = comparison_text(&comparison, &catalogue);
	cr_expect(ne(ptr, strstr(text, "explained by vm.max_map_count 65530 -> 1000"), NULL), "%s", text);
	cr_expect(ne(ptr, strstr(text, "2 pairs: 1 unchanged, 1 moved or changed\n"), NULL), "%s", text);
	free(text);
	comparison_free(&comparison);
}

Test(baseline, unfit)
{
	json_t *result = result_of_cell("many-mmaps-6.18");

	cr_expect(eq(ptr, (void *)baseline_unfit(result), NULL));
	result_set(result, "verdict", json_string("OFF"));
	result_set(result, "difference", json_integer(3));
	cr_expect(eq(ptr, (void *)baseline_unfit(result), NULL));
	result_set(result, "verdict", json_string("EXACT"));
	cr_expect(ne(ptr, (void *)baseline_unfit(result), NULL));
	result_set(result, "verdict", json_string("BROKEN"));
	cr_expect(eq(str, (char *)baseline_unfit(result), "BROKEN"));
	result_set(result, "verdict", json_string("TIMEOUT"));
	cr_expect(eq(str, (char *)baseline_unfit(result), "TIMEOUT"));
	json_decref(result);
}

/* A baseline with one thing wrong: `from` is replaced by `to`. */
static void expect_bad(const char *from, const char *to, const char *expected)
{
	char *text = with("many-mmaps-6.18", NULL, NULL), *at = strstr(text, from), *changed = NULL;
	struct results results = {0};
	struct err err = {0};

	cr_assert(at != NULL, "%s", from);
	cr_assert(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) > 0);
	cr_assert(eq(int, results_add_text(&results, changed, &err), -EINVAL), "%s", to);
	cr_expect(eq(str, err.text, (char *)expected));
	cr_expect(ne(int, err.advice[0], 0));
	if (strstr(expected, "it is a baseline") || strstr(expected, "by its header"))
		cr_expect(eq(str, err.advice, "make it again: make it --baseline FILE"));
	results_free(&results);
	free(text);
	free(changed);
}

Test(baseline, bad)
{
	expect_bad("\"baseline\":1", "\"baseline\":0",
		   "cannot read FILE: line 1: it is a baseline with \"baseline\" 0, and this enomem reads 1");
	expect_bad("\"baseline\":1", "\"baseline\":2",
		   "cannot read FILE: line 1: it is a baseline with \"baseline\" 2, and this enomem reads 1");
	expect_bad("\"schema\":1", "\"schema\":2",
		   "cannot read FILE: line 1: it is a baseline with \"schema\" 2, and this enomem reads 1");
	expect_bad("\"schema\":1", "\"schema\":0",
		   "cannot read FILE: line 1: it is a baseline with \"schema\" 0, and this enomem reads 1");
	expect_bad("\"baseline\":1", "\"baseline\":\"1\"", "cannot read FILE: line 1: bad \"baseline\"");
	expect_bad("\"schema\":1,", "", "cannot read FILE: line 1: bad \"schema\"");
	expect_bad("\"command\":\"make it\"", "\"command\":1", "cannot read FILE: line 1: bad \"command\"");
	expect_bad("\"cells\":1", "\"cells\":-1", "cannot read FILE: line 1: bad \"cells\"");
	expect_bad("\"cells\":1", "\"cells\":2", "cannot read FILE: by its header it has 2 cells, and 1 are there");
	expect_bad("\"cells\":1", "\"cells\":0", "cannot read FILE: by its header it has 0 cells, and 1 are there");
	expect_bad("\"common\":{", "\"common\":1,\"x\":{", "cannot read FILE: line 1: bad \"common\"");
	expect_bad("\"environment\":\"", "\"environment\":[],\"x\":\"",
		   "cannot read FILE: line 2: bad \"environment\"");
	expect_bad("\"accepted\":", "\"bounded_by\":1,\"accepted\":null,\"x\":",
		   "cannot read FILE: line 2: bad \"refusal.accepted\"");
	expect_bad("\"function\":\"", "\"function\":1,\"x\":\"", "cannot read FILE: line 2: bad \"cause.function\"");
	expect_bad("\"verdict\"", "\"witness\":[],\"verdict\"", "cannot read FILE: line 2: bad \"witness\"");
	expect_bad("\"verdict\"", "\"witness\":{\"function\":1},\"verdict\"",
		   "cannot read FILE: line 2: bad \"witness.function\"");
}
