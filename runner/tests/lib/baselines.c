#include "lib/baselines.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "report/baseline.h"

char *baseline_of(json_t *results)
{
	json_t *cells = json_array();
	char *text;

	for (size_t i = 0; i < json_array_size(results); i++)
		cr_assert(json_array_append_new(cells, baseline_cell(json_array_get(results, i))) == 0);
	text = baseline_text("make it", cells);
	cr_assert(text != NULL);
	json_decref(cells);
	json_decref(results);
	return text;
}

int results_add_text(struct results *results, const char *text, struct err *err)
{
	uint64_t number = 0;
	int status = 0;

	if (!results->name)
		results->name = "FILE";
	while (*text && status == 0) {
		size_t length = strcspn(text, "\n");
		struct line line = {.text = text, .length = length, .whole = text[length] == '\n'};

		status = results_add_line(results, ++number, &line, err);
		text += length + line.whole;
	}
	return status < 0 ? status : results_end(results, err);
}

char *comparison_text(struct comparison_set *comparison, const struct catalogue *catalogue)
{
	struct err err = {0};
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	pairing_free(&comparison->pairing);
	cr_assert(pairing_make(&comparison->before, &comparison->after, &comparison->pairing, &err) == 0, "%s",
		  err.text);
	cr_assert(comparison_judge(comparison, catalogue, &err) == 0);
	cr_assert(comparison_print_text(stream, comparison, catalogue, &err) == 0);
	fclose(stream);
	return text;
}
