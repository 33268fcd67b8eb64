/*
 * Which cell is which of two results files, and what is not the same in them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare/change.h"
#include "lib/results.h"

static struct results before, after;
static struct pairing pairing;
static struct err err;

static void release(void)
{
	pairing_free(&pairing);
	results_free(&before);
	results_free(&after);
}

TestSuite(compare_pairing, .fini = release);

/* A golden file may be as small as this. */
static json_t *cell(const char *scenario, const char *environment, int repeat, int accepted)
{
	return json_pack("{s:i, s:s, s:{s:s}, s:s, s:s, s:i, s:{s:i, s:s, s:s, s:s}, s:s}", "schema", 1, "scenario",
			 scenario, "parameters", "pages", "1", "configuration", "default", "environment", environment,
			 "repeat", repeat, "refusal", "accepted", accepted, "unit", "operations", "call", "mmap",
			 "errno", "ENOMEM", "verdict", "EXACT");
}

static int make(void)
{
	return pairing_make(&before, &after, &pairing, &err);
}

Test(compare_pairing, order_in_the_file_does_not_matter)
{
	results_add(&before, cell("b", "ns", 1, 1));
	results_add(&before, cell("a", "ns", 2, 2));
	results_add(&before, cell("a", "ns", 1, 3));
	results_add(&after, cell("a", "ns", 1, 3));
	results_add(&after, cell("b", "ns", 1, 1));
	results_add(&after, cell("a", "ns", 2, 2));
	cr_assert(eq(int, make(), 0), "%s", err.text);
	cr_assert(eq(sz, pairing.count, 3));
	cr_expect(eq(sz, pairing.complete, 3));
	for (size_t i = 0; i < pairing.count; i++)
		cr_expect(
			eq(u64, pairing.pairs[i].before->measured.accepted, pairing.pairs[i].after->measured.accepted));
	cr_expect(eq(u64, pairing.pairs[0].before->measured.accepted, 3));
	cr_expect(eq(u64, pairing.pairs[2].before->measured.accepted, 1));
}

Test(compare_pairing, every_part_of_the_key_counts)
{
	static const char *const members[] = {"scenario", "configuration", "environment"};

	results_add(&before, cell("a", "ns", 1, 1));
	results_add(&after, cell("a", "ns", 1, 1));
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		json_t *other = cell("a", "ns", 1, 1);

		result_set(other, members[i], json_string("other"));
		results_add(&after, other);
	}
	json_t *other = cell("a", "ns", 1, 1);

	result_set(other, "parameters.pages", json_string("2"));
	results_add(&after, other);
	results_add(&after, cell("a", "ns", 2, 1));
	cr_assert(eq(int, make(), 0), "%s", err.text);
	cr_expect(eq(sz, pairing.count, 6));
	cr_expect(eq(sz, pairing.complete, 1));
}

Test(compare_pairing, the_order_of_parameters_does_not_count)
{
	json_t *one = cell("a", "ns", 1, 1), *other = cell("a", "ns", 1, 1);

	result_set(one, "parameters", json_pack("{s:s, s:s}", "x", "1", "a", "2"));
	result_set(other, "parameters", json_pack("{s:s, s:s}", "a", "2", "x", "1"));
	results_add(&before, one);
	results_add(&after, other);
	cr_expect(eq(int, make(), 0), "%s", err.text);
}

Test(compare_pairing, one_environment_each_is_no_part_of_the_key)
{
	char label[100];

	results_add(&before, cell("a", "vm:debian:7.0", 1, 1));
	results_add(&before, cell("b", "vm:debian:7.0", 1, 1));
	results_add(&after, cell("b", "vm:debian:7.1", 1, 1));
	cr_assert(eq(int, make(), 0), "%s", err.text);
	cr_expect(pairing.any_environment);
	cr_expect(eq(sz, pairing.complete, 1));
	record_label(pairing.pairs[0].before, true, label, sizeof(label));
	cr_expect(eq(str, label, "a (pages=1) [default]"));
}

Test(compare_pairing, several_environments_are_not_guessed)
{
	results_add(&before, cell("a", "vm:debian:7.0", 1, 1));
	results_add(&before, cell("a", "ns", 1, 1));
	results_add(&after, cell("a", "vm:debian:7.1", 1, 1));
	cr_expect(eq(int, make(), -EINVAL));
	cr_expect(eq(str, err.text,
		     "cannot compare: the files have no cell in common: BEFORE has 2, first a (pages=1) [default in "
		     "ns]; AFTER has 1, first a (pages=1) [default in vm:debian:7.1]"));
	cr_expect(err.advice[0] != '\0');
}

Test(compare_pairing, a_cell_twice_is_an_error_with_both_lines)
{
	results_add(&before, cell("a", "ns", 1, 1));
	results_add(&after, cell("a", "ns", 1, 1));
	results_add(&after, cell("b", "ns", 1, 1));
	results_add(&after, cell("a", "ns", 1, 2));
	cr_expect(eq(int, make(), -EINVAL));
	cr_expect(
		eq(str, err.text, "cannot read FILE: line 3: the same cell is in line 1: a (pages=1) [default in ns]"));
}

static unsigned changed_by(const char *path, json_t *value)
{
	json_t *other = cell("a", "ns", 1, 5);
	unsigned changes;

	result_set(other, "cause", json_pack("{s:s}", "check", "map-count"));
	results_add(&before, json_deep_copy(other));
	result_set(other, path, value);
	results_add(&after, other);
	cr_assert(eq(int, make(), 0), "%s", err.text);
	changes = changes_of(&pairing.pairs[0].before->measured, &pairing.pairs[0].after->measured);
	release();
	return changes;
}

Test(compare_pairing, what_changed)
{
	cr_expect(eq(uint, changed_by("repeat", json_integer(1)), 0));
	cr_expect(eq(uint, changed_by("timings", json_integer(1)), 0));
	cr_expect(eq(uint, changed_by("kernel", json_string("9.9")), 0));
	cr_expect(eq(uint, changed_by("refusal.address", json_string("0x1")), 0));
	cr_expect(eq(uint, changed_by("refusal.api_errno", json_string("EAGAIN")), 0), "one side does not say");
	cr_expect(eq(uint, changed_by("refusal.accepted", json_integer(6)), 1 << CHANGE_ACCEPTED));
	cr_expect(eq(uint, changed_by("refusal.unit", json_string("pages")), 1 << CHANGE_UNIT));
	cr_expect(eq(uint, changed_by("refusal.call", json_string("brk")), 1 << CHANGE_CALL));
	cr_expect(eq(uint, changed_by("refusal.errno", json_string("EAGAIN")), 1 << CHANGE_ERRNO));
	cr_expect(eq(uint, changed_by("cause.check", json_string("rlimit-as")), 1 << CHANGE_CHECK));
	cr_expect(eq(uint, changed_by("cause", json_null()), 1 << CHANGE_CHECK));
	cr_expect(eq(uint, changed_by("verdict", json_string("OFF")), 1 << CHANGE_VERDICT));
	cr_expect(eq(uint, changed_by("refusal", json_null()), 1 << CHANGE_REFUSAL));
}

/* Sorted and merged: a quadratic way would take hours. */
Test(compare_pairing, many_cells)
{
	enum { CELLS = 40000 };

	for (int i = 0; i < CELLS; i++) {
		results_add(&before, cell("a", "ns", CELLS - i, i));
		results_add(&after, cell("a", "ns", i + 1, i));
	}
	cr_assert(eq(int, make(), 0), "%s", err.text);
	cr_expect(eq(sz, pairing.complete, CELLS));
	cr_expect(eq(u64, pairing.pairs[CELLS - 1].before->repeat, CELLS));
}
