/*
 * What the model says of a moved refusal, for captured cells (cells/README.md, guests/README.md).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare/change.h"
#include "compare/explain.h"
#include "lib/results.h"

static struct catalogue catalogue;
static struct results before, after;
static struct pairing pairing;
static struct explanation explanation;

static void load(void)
{
	fixture_catalogue(&catalogue);
}

static void release(void)
{
	pairing_free(&pairing);
	results_free(&before);
	results_free(&after);
	catalogue_free(&catalogue);
}

TestSuite(compare_explain, .init = load, .fini = release);

/* Pair the two, which must be the same cell, and explain; takes over both. */
static void explain(json_t *one, json_t *other)
{
	struct err err = {0};

	pairing_free(&pairing);
	results_free(&before);
	results_free(&after);
	results_add(&before, one);
	results_add(&after, other);
	cr_assert(eq(int, pairing_make(&before, &after, &pairing, &err), 0), "%s", err.text);
	cr_assert(eq(int, explain_pair(&catalogue, &pairing.pairs[0], &explanation, &err), 0), "%s", err.text);
}

static void expect(enum explained explained, const char *text)
{
	cr_expect(eq(int, (int)explanation.explained, (int)explained));
	cr_expect(eq(str, explanation.text, (char *)text));
}

/* What a kernel that does as the model says would have made of it. */
static json_t *with_refusal(json_t *result, uint64_t accepted, const char *check)
{
	result_set(result, "refusal.accepted", json_integer((json_int_t)accepted));
	result_set(result, "prediction.accepted", json_integer((json_int_t)accepted));
	result_set(result, "cause.check", json_string(check));
	return result;
}

static json_t *with(json_t *result, const char *path, json_t *value)
{
	result_set(result, path, value);
	return result;
}

#define MACHINE "snapshots.before.machine."
#define PROCESS "snapshots.before.process."

Test(compare_explain, one_knob)
{
	json_t *other = with_refusal(result_of_cell("many-mmaps-6.18"), 262222, "map-count");

	explain(result_of_cell("many-mmaps-6.18"), with(other, MACHINE "max_map_count", json_integer(262244)));
	expect(EXPLAINED_YES, "explained by vm.max_map_count 65530 -> 262244 (predicted 65508 -> 262222)");
	cr_expect(explanation.predicted);
	cr_expect(eq(u64, explanation.before.least, 65508));
	cr_expect(eq(u64, explanation.after.least, 262222));
}

Test(compare_explain, facts_that_do_not_matter_are_not_named)
{
	json_t *other = with_refusal(result_of_cell("many-mmaps-6.18"), 262222, "map-count");

	with(other, MACHINE "committed_as_kib", json_integer(4));
	with(other, MACHINE "mem_total_kib", json_integer(8000000));
	with(other, PROCESS "vm_size_kib", json_integer(2000));
	with(other, "kernel", json_string("6.12.1"));
	explain(result_of_cell("many-mmaps-6.18"), with(other, MACHINE "max_map_count", json_integer(262244)));
	expect(EXPLAINED_YES, "explained by vm.max_map_count 65530 -> 262244 (predicted 65508 -> 262222)");
}

Test(compare_explain, two_together)
{
	json_t *one = result_of_cell("many-mmaps-6.18"), *other = result_of_cell("many-mmaps-6.18");
	json_int_t maps = json_integer_value(json_object_get(
		json_object_get(json_object_get(json_object_get(other, "snapshots"), "before"), "process"),
		"map_count"));

	with(other, MACHINE "max_map_count", json_integer(262244));
	with(other, PROCESS "map_count", json_integer(maps - 1));
	explain(one, with_refusal(other, 262223, "map-count"));
	expect(EXPLAINED_YES, "explained by vm.max_map_count 65530 -> 262244 and start map count 23 -> 22 "
			      "(predicted 65508 -> 262223)");
}

Test(compare_explain, another_check)
{
	json_t *other = with_refusal(result_of_cell("many-mmaps-6.18"), 972, "rlimit-as");

	explain(result_of_cell("many-mmaps-6.18"), with(other, PROCESS "limits.as.soft", json_integer(1257 * 4096)));
	cr_expect(eq(int, (int)explanation.explained, EXPLAINED_YES), "%s", explanation.text);
	cr_expect(strstr(explanation.text, "rlimit.as unlimited -> 5148672 bytes (predicted 65508 by map-count -> ") !=
			  NULL,
		  "%s", explanation.text);
	cr_expect(strstr(explanation.text, " by rlimit-as)") != NULL, "%s", explanation.text);
	/* The same number by another check than measured is no explanation. */
	other = with_refusal(result_of_cell("many-mmaps-6.18"), explanation.after.least, "rlimit-data");
	explain(result_of_cell("many-mmaps-6.18"), with(other, PROCESS "limits.as.soft", json_integer(1257 * 4096)));
	cr_expect(eq(int, (int)explanation.explained, EXPLAINED_NO), "%s", explanation.text);
}

Test(compare_explain, the_commit_limit_goes_back_to_its_knob)
{
	json_t *one = result_of_cell("oversized-mmap-mode-2-exact"), *other = json_deep_copy(one);
	json_int_t limit = json_integer_value(json_object_get(
		json_object_get(json_object_get(json_object_get(one, "snapshots"), "before"), "machine"),
		"commit_limit_kib"));

	cr_assert(eq(int, (int)limit, 12342040));
	with(other, MACHINE "overcommit_ratio", json_integer(80));
	with(other, MACHINE "commit_limit_kib", json_integer(24684084 / 4 * 80 / 100 * 4));
	explain(one, with_refusal(other, 3017207 + 6171021 * 80 / 100 - 3085510, "commit-limit"));
	expect(EXPLAINED_YES, "explained by vm.overcommit_ratio 50 -> 80 (predicted 3017207 -> 4868513)");
}

Test(compare_explain, committed_as_is_a_fact)
{
	json_t *one = result_of_cell("oversized-mmap-mode-2-exact"), *other = json_deep_copy(one);

	with(other, MACHINE "committed_as_kib", json_integer(64740 * 4 + 40));
	explain(one, with_refusal(other, 3017197, "commit-limit"));
	expect(EXPLAINED_YES, "explained by Committed_AS 258960 -> 259000 KiB (predicted 3017207 -> 3017197)");
}

Test(compare_explain, what_others_commit_meanwhile)
{
	json_t *one = result_of_cell("oversized-mmap-mode-2-exact"), *other = json_deep_copy(one);

	with(other, "refusal.accepted", json_integer(3017200));
	explain(json_deep_copy(one), json_deep_copy(other));
	expect(EXPLAINED_NO, "NOT explained: the model predicts no change");
	/* An EXACT one that is off its prediction was found to be disturbed by so much. */
	explain(one, with(other, "difference", json_integer(-7)));
	expect(EXPLAINED_YES, "explained by what other programs committed meanwhile (predicted 3017207 -> 3017207)");
}

Test(compare_explain, inside_one_band)
{
	json_t *one = result_of_cell("oversized-mmap-mode-2"), *other = json_deep_copy(one);

	explain(one, with(other, "refusal.accepted", json_integer(3017207 + 12000)));
	expect(EXPLAINED_YES, "explained by the band that the kernel's per-CPU counters leave (predicted "
			      "3005156..3029258 -> 3005156..3029258)");
}

Test(compare_explain, a_refusal_that_is_gone)
{
	json_t *one = result_of_cell("oversized-mmap-6.18"), *other = json_deep_copy(one);

	with(other, "refusal", json_null());
	with(other, "cause", json_null());
	with(other, "prediction",
	     json_pack("{s:I, s:s, s:n, s:n}", "accepted", (json_int_t)9, "unit", "pages", "call", "errno"));
	with(other, "verdict", json_string("NO-REFUSAL"));
	explain(json_deep_copy(one), json_deep_copy(other));
	expect(EXPLAINED_YES, "explained by the end of the run open -> 9 (predicted 6171021 by commit-heuristic -> "
			      "no refusal)");
	explain(other, one);
	expect(EXPLAINED_YES, "explained by the end of the run 9 -> open (predicted no refusal -> 6171021 by "
			      "commit-heuristic)");
}

Test(compare_explain, not_explained)
{
	json_t *one = result_of_cell("many-mmaps-6.18");

	explain(json_deep_copy(one), with(json_deep_copy(one), "refusal.accepted", json_integer(60000)));
	expect(EXPLAINED_NO, "NOT explained: the model predicts no change");
	explain(json_deep_copy(one), with(json_deep_copy(one), "verdict", json_string("OFF")));
	expect(EXPLAINED_NO, "NOT explained: the model predicts no change");
	json_t *other = with(json_deep_copy(one), PROCESS "map_count", json_integer(21));

	with(other, "prediction.accepted", json_integer(65510));
	explain(one, with(other, "refusal.accepted", json_integer(60000)));
	expect(EXPLAINED_NO, "NOT explained: the model predicts 65508 -> 65510, for start map count 23 -> 21");
}

Test(compare_explain, a_file_of_another_model_says_so)
{
	json_t *one = result_of_cell("many-mmaps-6.18"), *other = json_deep_copy(one);

	with(one, "prediction.accepted", json_integer(65507));
	explain(one, with(other, "refusal.accepted", json_integer(65507)));
	expect(EXPLAINED_NO, "NOT explained: the model predicts no change; the prediction recorded in BEFORE is "
			     "65507, and this enomem's 65508");
}

Test(compare_explain, what_the_model_cannot_say)
{
	json_t *one = result_of_cell("many-mmaps-6.18"), *other = json_deep_copy(one);

	with(other, "refusal.accepted", json_integer(1));
	with(one, "scenario", json_string("many-*"));
	explain(json_deep_copy(one), with(json_deep_copy(other), "scenario", json_string("many-*")));
	expect(EXPLAINED_UNKNOWN, "the model cannot say: this enomem has no scenario \"many-*\"");
	with(one, "scenario", json_string("many-mmaps"));
	explain(json_deep_copy(one), with(json_deep_copy(other), "snapshots", json_object()));
	expect(EXPLAINED_UNKNOWN, "the model cannot say: AFTER has no snapshot from before the first request");
	explain(with(json_deep_copy(one), "kernel", json_null()), json_deep_copy(other));
	expect(EXPLAINED_UNKNOWN, "the model cannot say: BEFORE does not say which kernel it is of");
	explain(with(json_deep_copy(one), "host", json_null()), json_deep_copy(other));
	expect(EXPLAINED_UNKNOWN, "the model cannot say: BEFORE does not say how large a page is");
	explain(json_deep_copy(one), with(json_deep_copy(other), "verdict", json_string("KILLED")));
	expect(EXPLAINED_UNKNOWN, "the model cannot say: AFTER is KILLED, and it knows refusals only");
	with(one, "parameters", json_pack("{s:s}", "pages", "0"));
	explain(one, with(other, "parameters", json_pack("{s:s}", "pages", "0")));
	cr_expect(eq(int, (int)explanation.explained, EXPLAINED_UNKNOWN));
	cr_expect(strstr(explanation.text, "out of range") != NULL, "%s", explanation.text);
	cr_expect(not(explanation.predicted));
}

static const char *const kernels[] = {"5.10", "6.1", "6.12", "6.18", "6.19", "7.0", "7.1", "7.2", "7.3"};

/* Whatever moved between two real kernels, the model must know why, and by facts that differ. */
static size_t expect_explained(const char *from, const char *to)
{
	json_t *ones = results_of_guest(from), *others = results_of_guest(to);
	size_t moved = 0;

	cr_assert(eq(sz, json_array_size(ones), json_array_size(others)));
	for (size_t i = 0; i < json_array_size(ones); i++) {
		json_t *one = json_array_get(ones, i), *other = json_array_get(others, i);

		/* One limit was chosen by the size of the program's start, which differs: another cell. */
		if (!json_equal(json_object_get(one, "parameters"), json_object_get(other, "parameters")))
			continue;
		explain(json_incref(one), json_incref(other));
		if (!changes_of(&before.records[0].measured, &after.records[0].measured)) {
			cr_expect(predicted_equal(&explanation.before, &explanation.after), "%s %s, line %zu: %s", from,
				  to, i + 1, explanation.text);
			continue;
		}
		moved++;
		cr_expect(eq(int, (int)explanation.explained, EXPLAINED_YES), "%s %s, line %zu: %s", from, to, i + 1,
			  explanation.text);
		cr_expect(explanation.by != 0, "%s", explanation.text);
	}
	json_decref(ones);
	json_decref(others);
	return moved;
}

Test(compare_explain, every_pair_of_kernels)
{
	size_t moved = 0;

	for (size_t i = 0; i < sizeof(kernels) / sizeof(*kernels); i++) {
		for (size_t j = 0; j < sizeof(kernels) / sizeof(*kernels); j++)
			moved += expect_explained(kernels[i], kernels[j]);
	}
	cr_expect(moved > 100, "%zu", moved);
}

/* The same of a captured cell under every other kernel's rules. */
Test(compare_explain, between_settings)
{
	json_t *results = results_of_guest("7.1");
	json_t *one = json_deep_copy(json_array_get(results, 3)), *other = json_array_get(results, 12);

	/* oversized-mmap of an ordinary user, in mode 0 and in mode 2. */
	with(one, "configuration", json_string("line 13"));
	explain(one, json_incref(other));
	cr_expect(eq(int, (int)explanation.explained, EXPLAINED_YES), "%s", explanation.text);
	cr_expect(strncmp(explanation.text, "explained by vm.overcommit_memory 0 -> 2", 40) == 0, "%s",
		  explanation.text);
	json_decref(results);
}
