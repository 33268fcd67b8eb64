/*
 * Baselines without memory: whichever allocation of JSON fails, there is an error or all of the text, never a part.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/baselines.h"
#include "report/baseline.h"

static unsigned allocations_left;

static void *allocate(size_t size)
{
	if (allocations_left == 0) {
		errno = ENOMEM;
		return NULL;
	}
	allocations_left--;
	return malloc(size);
}

static json_t *two_results(void)
{
	return json_pack("[o, o]", result_of_cell("many-mmaps-6.18"), result_of_cell("oversized-mmap-mode-2-exact"));
}

/* As a run makes one. NULL when memory did not last. */
static char *make(const json_t *results)
{
	json_t *cells = json_array();
	char *text = NULL;
	size_t made = 0;

	while (made < json_array_size(results) &&
	       json_array_append_new(cells, baseline_cell(json_array_get(results, made))) == 0)
		made++;
	if (made == json_array_size(results))
		text = baseline_text("make it", cells);
	json_decref(cells);
	return text;
}

Test(baseline_memory, write)
{
	json_t *results = two_results();
	char *whole = baseline_of(json_incref(results)), *text = NULL;
	unsigned enough;

	json_set_alloc_funcs(allocate, free);
	for (enough = 0; !text && enough < 10000; enough++) {
		allocations_left = enough;
		text = make(results);
	}
	json_set_alloc_funcs(malloc, free);
	cr_assert(ne(ptr, text, NULL));
	cr_expect(eq(str, text, whole));
	cr_expect(gt(u32, enough, 200));
	free(text);
	free(whole);
	json_decref(results);
}

Test(baseline_memory, read)
{
	char *text = baseline_of(two_results());
	struct results results = {0};
	struct err err = {0};
	int status = -ENOMEM;
	unsigned enough;

	json_set_alloc_funcs(allocate, free);
	for (enough = 0; status < 0 && enough < 10000; enough++) {
		results_free(&results);
		allocations_left = enough;
		status = results_add_text(&results, text, &err);
		cr_expect(status == 0 || status == -ENOMEM, "%u: %s", enough, err.text);
	}
	cr_expect(eq(sz, results.count, 2));
	cr_expect(gt(u32, enough, 200));
	results_free(&results);
	json_set_alloc_funcs(malloc, free);
	free(text);
}
