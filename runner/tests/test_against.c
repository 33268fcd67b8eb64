/*
 * A run against a file of an earlier one: each cell as it ends, and what is said of all together.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare/against.h"
#include "lib/baselines.h"

static struct fixture *fixture; /* its plan is the run's */
static struct against against;
static struct err err;
static char path[] = "/tmp/enomem-test-against-XXXXXX";

static void load(void)
{
	int fd = mkstemp(path);

	cr_assert(fd >= 0);
	close(fd);
	fixture = fixture_load("many-mmaps-6.18");
}

static void release(void)
{
	against_close(&against);
	fixture_free(fixture);
	unlink(path);
}

TestSuite(against, .init = load, .fini = release);

/* Write the file; takes over the results. */
static void write_results(json_t *results, bool as_baseline)
{
	FILE *stream = fopen(path, "w");
	char *text;

	if (as_baseline) {
		text = baseline_of(results);
		fputs(text, stream);
		free(text);
	} else {
		for (size_t i = 0; i < json_array_size(results); i++) {
			json_dumpf(json_array_get(results, i), stream, JSON_COMPACT);
			fputc('\n', stream);
		}
		json_decref(results);
	}
	fclose(stream);
}

static int open_file(void)
{
	return against_open(path, &fixture->plan, &fixture->catalogue, &against, &err);
}

/* many-mmaps, and a cell that the run does not have. */
static json_t *earlier(const char *environment, json_int_t accepted)
{
	json_t *one = result_of_cell("many-mmaps-6.18"), *other = result_of_cell("ulimit-v-6.18");

	result_set(one, "environment", json_string(environment));
	result_set(other, "environment", json_string(environment));
	result_set(one, "refusal.accepted", json_integer(accepted));
	return json_pack("[o, o]", other, one);
}

static struct pair add(json_t *result, bool expected)
{
	struct pair pair;

	cr_assert(eq(int, against_add(&against, result, expected, &pair, &err), 0), "%s", err.text);
	json_decref(result);
	return pair;
}

static void expect_end(size_t moved, size_t missing_after, size_t missing)
{
	cr_assert(eq(int, against_end(&against, &err), 0), "%s", err.text);
	cr_expect(eq(sz, against.comparison.moved, moved));
	cr_expect(eq(sz, against.comparison.missing_after, missing_after));
	cr_expect(eq(sz, against.comparison.missing, missing));
}

static void expect_unchanged(const char *environment, bool as_baseline)
{
	struct pair pair;

	write_results(earlier(environment, 65508), as_baseline);
	cr_assert(eq(int, open_file(), 0), "%s", err.text);
	pair = add(result_of_cell("many-mmaps-6.18"), true);
	cr_assert(ne(ptr, (void *)pair.before, NULL));
	cr_expect(eq(int, comparison_moved(&pair), false));
	expect_end(0, 1, 1);
	against_close(&against);
}

/* A guest of the distribution's kernel, and one of the developer's own: the environment is no part of the key. */
Test(against, unchanged)
{
	expect_unchanged("ns", false);
	expect_unchanged("ns", true);
	expect_unchanged("vm:debian:7.2", true);
}

Test(against, changed)
{
	struct pair pair;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	write_results(earlier("ns", 65509), true);
	cr_assert(eq(int, open_file(), 0), "%s", err.text);
	pair = add(result_of_cell("many-mmaps-6.18"), true);
	cr_expect(eq(int, comparison_moved(&pair), true));
	expect_end(1, 1, 1);
	cr_assert(eq(int, comparison_print_text(stream, &against.comparison, &fixture->catalogue, &err), 0));
	fclose(stream);
	cr_expect(ne(ptr, strstr(text, "65509 -> 65508 operations (-1)"), NULL), "%s", text);
	cr_expect(eq(ptr, strstr(text, "missing in AFTER"), NULL), "%s", text);
	cr_expect(ne(ptr, strstr(text, "; 1 cell of /tmp/"), NULL), "%s", text);
	free(text);
}

/* What the file lacks is said; that it did not go as predicted counts by itself. */
Test(against, not_in_the_file)
{
	struct pair pair;

	write_results(earlier("ns", 65508), true);
	cr_assert(eq(int, open_file(), 0), "%s", err.text);
	add(result_of_cell("many-mmaps-6.18"), true);
	pair = add(result_of_cell("big-fork-6.18"), true);
	cr_expect(eq(ptr, (void *)pair.before, NULL));
	cr_expect(eq(u32, against.unpaired_unexpected, 0));
	add(result_of_cell("mprotect-splits-6.18"), false);
	cr_expect(eq(u32, against.unpaired_unexpected, 1));
	expect_end(0, 1, 3);
}

static void expect_refused(const char *text)
{
	memset(&err, 0, sizeof(err));
	cr_assert(eq(int, open_file(), -EINVAL));
	cr_expect(ne(ptr, strstr(err.text, text), NULL), "%s", err.text);
	cr_expect(ne(int, err.advice[0], 0));
	against_close(&against);
}

Test(against, bad)
{
	json_t *other = result_of_cell("ulimit-v-6.18"), *twice = earlier("ns", 1);

	expect_refused("it is empty");
	write_results(json_pack("[o]", other), true);
	expect_refused("none of the 1 cells of this run is in it; its first is ulimit-v");
	cr_expect(eq(str, err.advice, "it is of: make it"));
	json_array_append(twice, json_array_get(twice, 0));
	write_results(twice, true);
	expect_refused("the same cell is in line");
}
