/*
 * What a comparison prints: for people, as JSON, always the same, and also without memory.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/comparison.h"
#include "lib/results.h"

typedef int print_function(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			   struct err *err);

static struct catalogue catalogue;
static struct comparison_set comparison;
static struct err err;

static void load(void)
{
	fixture_catalogue(&catalogue);
}

static void release(void)
{
	comparison_free(&comparison);
	catalogue_free(&catalogue);
}

TestSuite(compare_output, .init = load, .fini = release);

/* many-mmaps moved, ulimit-v is the same, big-fork and oversized-mmap are missing on one side each. */
static void fill(void)
{
	json_t *one = result_of_cell("many-mmaps-6.18"), *other = json_deep_copy(one);

	result_set(one, "settings", json_pack("{s:i}", "vm.max_map_count", 65530));
	results_add(&comparison.before, result_of_cell("ulimit-v-6.18"));
	results_add(&comparison.before, one);
	results_add(&comparison.before, result_of_cell("big-fork-6.18"));
	result_set(other, "refusal.accepted", json_integer(978));
	result_set(other, "prediction.accepted", json_integer(978));
	result_set(other, "snapshots.before.machine.max_map_count", json_integer(1000));
	result_set(other, "settings", json_pack("{s:i, s:s}", "vm.max_map_count", 1000, "guest.memory", "1G"));
	result_set(other, "verdict", json_string("OFF"));
	results_add(&comparison.after, result_of_cell("oversized-mmap-6.18"));
	results_add(&comparison.after, other);
	results_add(&comparison.after, result_of_cell("ulimit-v-6.18"));
}

static void pair(void)
{
	cr_assert(eq(int, pairing_make(&comparison.before, &comparison.after, &comparison.pairing, &err), 0), "%s",
		  err.text);
	comparison_count(&comparison);
}

/* To be freed. */
static char *print(print_function *function)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	cr_assert(stream != NULL);
	cr_assert(eq(int, function(stream, &comparison, &catalogue, &err), 0), "%s", err.text);
	fclose(stream);
	return text;
}

Test(compare_output, text)
{
	char *text;

	fill();
	pair();
	text = print(comparison_print_text);
	cr_expect(eq(str, text,
		     "many-mmaps (backing=anonymous, pages=1, protection=read) [default in ns]\n"
		     "    moved    65508 -> 978 operations (-64530)\n"
		     "    changed  verdict EXACT -> OFF\n"
		     "    why      explained by vm.max_map_count 65530 -> 1000 (predicted 65508 -> 978)\n"
		     "    set      guest.memory unset -> \"1G\", vm.max_map_count 65530 -> 1000\n"
		     "\n"
		     "missing in AFTER   big-fork (vmas=1) [default in ns]\n"
		     "missing in BEFORE  oversized-mmap [default in ns]\n"
		     "\n"
		     "2 pairs: 1 unchanged, 1 moved or changed; 2 cells without a partner\n"));
	free(text);
}

Test(compare_output, the_head_has_what_differs_alone)
{
	json_t *other = result_of_cell("many-mmaps-6.18");
	char *text;

	results_add(&comparison.before, result_of_cell("many-mmaps-6.18"));
	result_set(other, "kernel", json_string("7.1.0-debian"));
	result_set(other, "environment", json_string("vm:debian:7.1"));
	result_set(other, "snapshots.before.machine.mem_total_kib", json_integer(1000000));
	results_add(&comparison.after, other);
	pair();
	text = print(comparison_print_text);
	cr_expect(eq(str, text,
		     "kernel 6.18.44-fc-v669 -> 7.1.0-debian\n"
		     "RAM 24684084 KiB -> 1000000 KiB\n"
		     "environment ns -> vm:debian:7.1: the only one of each file, so cells are paired without it\n"
		     "\n"
		     "1 pair: 1 unchanged, 0 moved or changed\n"));
	free(text);
}

Test(compare_output, many_kernels_in_a_file)
{
	static const char *const kernels[] = {"6.5", "6.1", "6.4", "6.2", "6.3", "6.1"};
	char *text;

	results_add(&comparison.before, result_of_cell("many-mmaps-6.18"));
	results_add(&comparison.after, result_of_cell("many-mmaps-6.18"));
	for (int i = 0; i < 6; i++) {
		json_t *other = result_of_cell("many-mmaps-6.18");

		result_set(other, "kernel", json_string(kernels[i]));
		result_set(other, "repeat", json_integer(i + 2));
		results_add(&comparison.after, other);
	}
	pair();
	text = print(comparison_print_text);
	cr_expect(strncmp(text, "kernel 6.18.44-fc-v669 -> 6.1, 6.18.44-fc-v669, 6.2, 6.3, ...\n", 62) == 0, "%s",
		  text);
	free(text);
}

Test(compare_output, json)
{
	char *text;
	json_t *json, *moved;

	fill();
	pair();
	text = print(comparison_print_json);
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	cr_assert(json != NULL, "%s", text);
	moved = json_array_get(json_object_get(json, "moved"), 0);
	cr_expect(eq(i64, json_integer_value(json_object_get(json, "schema")), 1));
	cr_expect(eq(i64, json_integer_value(json_object_get(json, "pairs")), 2));
	cr_expect(eq(i64, json_integer_value(json_object_get(json, "unchanged")), 1));
	cr_expect(eq(sz, json_array_size(json_object_get(json, "moved")), 1));
	cr_expect(eq(sz, json_array_size(json_object_get(json, "missing")), 2));
	cr_expect(eq(i64, json_integer_value(json_object_get(moved, "difference")), -64530));
	cr_expect(strstr(text,
			 "\"fact\": \"vm.max_map_count\",\n          \"before\": 65530,\n          \"after\": 1000") !=
			  NULL,
		  "%s", text);
	cr_expect(strstr(text, "\"side\": \"after\"") != NULL && strstr(text, "\"side\": \"before\"") != NULL);
	json_decref(json);
	free(text);
}

/* Lines in another order, and the same again: nothing is different. */
Test(compare_output, always_the_same)
{
	print_function *functions[] = {comparison_print_text, comparison_print_json};

	for (int i = 0; i < 2; i++) {
		char *one, *other;
		struct record first;

		fill();
		pair();
		one = print(functions[i]);
		comparison_free(&comparison);
		comparison = (struct comparison_set){0};
		fill();
		first = comparison.after.records[0];
		comparison.after.records[0] = comparison.after.records[2];
		comparison.after.records[2] = first;
		pair();
		other = print(functions[i]);
		cr_expect(eq(str, one, other));
		free(one);
		free(other);
		comparison_free(&comparison);
		comparison = (struct comparison_set){0};
	}
}

static unsigned allocations_left;

static void *allocate(size_t size)
{
	if (allocations_left && allocations_left--)
		return malloc(size);
	errno = ENOMEM;
	return NULL;
}

/* Whichever allocation fails: an error that says so, nothing leaked, and with enough of them all is well. */
Test(compare_output, no_memory_for_json)
{
	int status = -ENOMEM;
	unsigned failures = 0;

	fill();
	pair();
	json_set_alloc_funcs(allocate, free);
	for (unsigned enough = 0; status < 0; enough++) {
		char *text = NULL;
		size_t size;
		FILE *stream = open_memstream(&text, &size);

		cr_assert(stream != NULL && enough < 10000);
		allocations_left = enough;
		err.code = 0;
		status = comparison_print_json(stream, &comparison, &catalogue, &err);
		cr_expect(status == 0 || (status == -ENOMEM && err.code == ENOMEM), "%u", enough);
		fclose(stream);
		free(text);
		failures += status < 0;
	}
	json_set_alloc_funcs(malloc, free);
	cr_expect(failures > 50);
}

Test(compare_output, no_memory_to_read)
{
	json_t *result = result_of_cell("many-mmaps-6.18");
	char *text = json_dumps(result, 0);
	struct line line = {text, strlen(text), true};
	struct results results = {.name = "FILE"};
	int status = -ENOMEM;

	json_decref(result);
	json_set_alloc_funcs(allocate, free);
	for (unsigned enough = 0; status < 0; enough++) {
		cr_assert(enough < 10000);
		allocations_left = enough;
		status = results_add_line(&results, 1, &line, &err);
		cr_expect(status == 0 || status == -ENOMEM, "%u: %s", enough, err.text);
	}
	cr_expect(eq(sz, results.count, 1));
	results_free(&results);
	json_set_alloc_funcs(malloc, free);
	free(text);
}
