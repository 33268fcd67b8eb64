/*
 * What a refused MAP_FIXED leaves of the mapping under it: by the model, in verdicts, and compared.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "compare/change.h"
#include "compare/explain.h"
#include "lib/results.h"
#include "lib/states.h"
#include "report/left.h"

static const char over[] = "mmap pages=1000 protection=write over=yes";

/* On this version, in a state of 1100 pages and 101 maps, 1000 pages and one map of which are mapped over. */
static struct model_state reserved(kernel_version version)
{
	struct model_state state = free_state();

	state.version = version;
	state.total_pages += 1000;
	state.map_count++;
	return state;
}

static void expect_left(struct model_state state, const char *check, const char *left)
{
	struct model_state before = state;
	struct request request = request_of(over);
	struct refusal_reason reason = {0};
	bool hole = strcmp(left, "hole") == 0;

	cr_assert(not(apply_request(&state, &request, &reason)));
	cr_expect(eq(str, (char *)reason.check->name, (char *)check));
	cr_expect(eq(str, (char *)left_word(reason.left), (char *)left), "%s on %d", check, before.version);
	cr_expect(eq(u64, state.total_pages, before.total_pages - (hole ? 1000 : 0)));
	cr_expect(eq(u64, state.map_count, before.map_count - hole));
}

static void expect_left_by_commit(kernel_version version, const char *left)
{
	struct model_state state = reserved(version);

	state.commit.mode = 0;
	state.commit.total_pages = 999;
	expect_left(state, "commit-heuristic", left);
	state.commit.mode = 2;
	state.commit.limit_pages = 6000;
	expect_left(state, "commit-limit", left);
}

Test(left, a_hole_before_6_12)
{
	expect_left_by_commit(KERNEL(5, 10), "hole");
	expect_left_by_commit(KERNEL(6, 1), "hole");
	expect_left_by_commit(KERNEL(6, 11), "hole");
	expect_left_by_commit(KERNEL(6, 12), "kept");
	expect_left_by_commit(KERNEL(7, 2), "kept");
}

Test(left, kept_by_checks_that_come_before)
{
	struct model_state state = reserved(KERNEL(5, 10));

	state.max_map_count = state.map_count - 1;
	expect_left(state, "map-count", "kept");
	state = reserved(KERNEL(5, 10));
	state.as.soft = (state.total_pages - 1) * 4096;
	expect_left(state, "rlimit-as", "kept");
}

Test(left, nothing_where_nothing_was_mapped_over)
{
	struct model_state state = free_state();
	struct request request = request_of("mmap pages=1000 protection=write");
	struct refusal_reason reason = {.left = LEFT_HOLE};

	state.max_map_count = 1;
	cr_assert(not(apply_request(&state, &request, &reason)));
	cr_expect(reason.left == LEFT_NOT_ASKED && left_word(reason.left) == NULL);
}

/* It replaces as many pages and a map; what limits growth is not asked. */
Test(left, accepted_it_replaces)
{
	static const kernel_version versions[] = {KERNEL(5, 10), KERNEL(7, 2)};

	for (int i = 0; i < 2; i++) {
		struct model_state state = reserved(versions[i]), before = state;
		struct request request = request_of(over);
		struct refusal_reason reason = {0};

		state.as.soft = state.total_pages * 4096;
		state.data.soft = (state.data_pages + 1) * 4096;
		cr_assert(apply_request(&state, &request, &reason));
		cr_expect(eq(u64, state.total_pages, before.total_pages));
		cr_expect(eq(u64, state.map_count, before.map_count));
		cr_expect(eq(u64, state.data_pages, before.data_pages + 1000), "counted, though not compared");
		cr_expect(eq(u64, state.commit.committed_pages, before.commit.committed_pages + 1000));
	}
}

/* The reserve for the user is a 32nd of what is mapped when the charge is made: of less where the old is gone. */
Test(left, the_hole_lowers_the_reserve_of_mode_2)
{
	struct model_state state = reserved(KERNEL(6, 1));
	struct operation operation = operation_of("mmap pages=$size;mmap pages=$size protection=write over=yes");
	struct prediction hole, kept;

	state.commit.mode = 2;
	state.commit.cpus = 1;
	state.commit.batch_pages = 1;
	state.commit.user_reserve_pages = 100000;
	hole = predict_size(&state, &operation, 1000000);
	state.version = KERNEL(6, 12);
	kept = predict_size(&state, &operation, 1000000);
	/* 5000 + n < 100000 - 2000 / 32, and 5000 + n < 100000 - (2000 + n) / 32 */
	cr_expect(eq(u64, hole.central, 94937));
	cr_expect(eq(u64, kept.central, 92060));
	cr_expect(hole.left == LEFT_HOLE && kept.left == LEFT_KEPT);
}

static void expect_off(const char *cell, const char *left, const char *reason)
{
	struct fixture *fixture = fixture_load(cell);
	struct verdict verdict;

	cr_expect(eq(int, (int)fixture_verdict(fixture).word, VERDICT_EXACT));
	snprintf(fixture->observation.left, sizeof(fixture->observation.left), "%s", left);
	verdict = fixture_verdict(fixture);
	cr_expect(eq(str, (char *)verdict_word(verdict.word), "OFF"), "%s", cell);
	cr_expect(verdict.model == DISAGREES && !verdict.expected);
	cr_expect(eq(str, verdict.reason, (char *)reason));
	fixture_free(fixture);
}

Test(left, otherwise_than_predicted_is_off)
{
	expect_off("fixed-map-hole-6.1", "kept",
		   "the refused call left the old mapping as it was, and was predicted to leave a hole");
	expect_off("fixed-map-hole-6.18", "hole",
		   "the refused call left a hole, and was predicted to leave the old mapping as it was");
}

static void expect_text(const char *cell, const char *text, const char *word)
{
	struct fixture *fixture = fixture_load(cell);
	struct result result = {.cell = fixture->cell, .observation = fixture->observation};
	char left[128];
	json_t *json;

	result.verdict = fixture_verdict(fixture);
	left_text(left, sizeof(left), &result);
	cr_expect(eq(str, left, (char *)text));
	json = left_to_json(&result);
	cr_assert(eq(int, json != NULL, word != NULL));
	if (word) {
		cr_expect(eq(str, (char *)json_string_value(json_object_get(json, "predicted")), (char *)word));
		cr_expect(eq(str, (char *)json_string_value(json_object_get(json, "measured")), (char *)word));
	}
	json_decref(json);
	fixture_free(fixture);
}

Test(left, in_words)
{
	expect_text("fixed-map-hole-6.1", "a hole where the old mapping was (kept from 6.12 on)", "hole");
	expect_text("fixed-map-hole-6.18", "the old mapping as it was (before 6.12 a hole)", "kept");
	expect_text("oversized-mmap-6.18", "", NULL);
}

/* fixed-map-hole of an ordinary user in mode 0 on two kernels of the same memory: what is left is all that changes. */
Test(left, compared_between_kernels)
{
	struct results before = {.name = "BEFORE"}, after = {.name = "AFTER"};
	json_t *one = result_of_cell("fixed-map-hole-6.1"), *other = result_of_cell("fixed-map-hole-6.18");
	struct explanation explanation;
	struct catalogue catalogue;
	struct err err = {0};

	fixture_catalogue(&catalogue);
	results_add(&before, one);
	results_add(&after, other);

	struct pair pair = {.before = &before.records[0], .after = &after.records[0]};

	cr_expect(eq(uint, changes_of(&pair.before->measured, &pair.after->measured), 1U << CHANGE_LEFT));
	cr_assert(eq(int, explain_pair(&catalogue, &pair, &explanation, &err), 0), "%s", err.text);
	cr_expect(eq(int, (int)explanation.explained, EXPLAINED_YES));
	cr_expect(eq(str, explanation.text,
		     "explained by the kernel's version 6.1 -> 6.18 (predicted 6170905 -> 6170905, what is left hole "
		     "-> kept)"));
	results_free(&before);
	results_free(&after);
	catalogue_free(&catalogue);
}
