/*
 * Two files of results or baselines, the second after an empty line: whatever stands in them, they are compared or
 * refused with a sentence, and the same comes of it twice.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compare/comparison.h"

static const char catalogue_text[] =
	"[{\"name\":\"mmaps\",\"summary\":\"\",\"lesson\":\"\",\"fix\":\"\",\"shape\":\"count\",\"parameters\":["
	"{\"name\":\"pages\",\"summary\":\"\",\"default\":\"1\",\"least\":1,\"most\":1048576,\"kind\":\"number\"},"
	"{\"name\":\"protection\",\"summary\":\"\",\"default\":\"read\",\"words\":\"none|read|write\",\"kind\":"
	"\"word\"}],"
	"\"operation\":[\"mmap pages=$pages protection=$protection placement=chosen\"],\"limits\":[]},"
	"{\"name\":\"size\",\"summary\":\"\",\"lesson\":\"\",\"fix\":\"\",\"shape\":\"size\",\"parameters\":[],"
	"\"operation\":[\"mmap pages=$size plus=4 protection=none\","
	"\"mprotect pages=$size areas=4 from=none to=write pieces=yes\",\"fork\"],\"limits\":[]},"
	"{\"name\":\"over\",\"summary\":\"\",\"lesson\":\"\",\"fix\":\"\",\"shape\":\"size\",\"parameters\":[],"
	"\"operation\":[\"mmap pages=$size\",\"mmap pages=$size protection=write over=yes\"],\"limits\":[]},"
	"{\"name\":\"limit\",\"summary\":\"\",\"lesson\":\"\",\"fix\":\"\",\"shape\":\"count\",\"parameters\":["
	"{\"name\":\"limit\",\"summary\":\"\",\"default\":\"+64M\",\"least\":4096,\"most\":140737488355328,"
	"\"kind\":\"bytes\"}],\"operation\":[\"mmap pages=1 placement=chosen merges=yes\"],"
	"\"limits\":[{\"resource\":\"as\",\"value\":\"$limit\",\"at\":\"exec\"}]}]";

/* Add the lines of a file. */
static int add(const char *text, size_t size, struct results *ret, struct err *err)
{
	uint64_t number = 0;
	int status = 0;

	*ret = (struct results){.name = "FILE"};
	while (size && status == 0) {
		const char *end = memchr(text, '\n', size);
		struct line line = {text, end ? (size_t)(end - text) : size, end != NULL};
		size_t taken = line.length + (end != NULL);

		/* A copy of its own size, so that reading beyond it is seen. */
		line.text = memcpy(malloc(line.length + 1), text, line.length);
		status = results_add_line(ret, ++number, &line, err);
		free((char *)(uintptr_t)line.text);
		text += taken;
		size -= taken;
	}
	return status < 0 ? status : results_end(ret, err);
}

typedef int print_function(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			   struct err *err);

static void print_twice(const struct comparison_set *comparison, const struct catalogue *catalogue,
			print_function *print)
{
	struct err err = {0};
	char *texts[2];
	size_t sizes[2];

	for (int i = 0; i < 2; i++) {
		FILE *stream = open_memstream(&texts[i], &sizes[i]);

		if (!stream || print(stream, comparison, catalogue, &err) < 0 || fclose(stream) != 0)
			abort();
	}
	if (sizes[0] == 0 || sizes[0] != sizes[1] || memcmp(texts[0], texts[1], sizes[0]) != 0)
		abort();
	free(texts[0]);
	free(texts[1]);
}

static void compare(struct comparison_set *comparison, const struct catalogue *catalogue, struct err *err)
{
	if (pairing_make(&comparison->before, &comparison->after, &comparison->pairing, err) < 0) {
		if (err->code == 0 || err->text[0] == '\0')
			abort();
		return;
	}
	if (comparison_judge(comparison, catalogue, err) < 0)
		abort();
	comparison->lists_functions = true;
	print_twice(comparison, catalogue, comparison_print_text);
	print_twice(comparison, catalogue, comparison_print_json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue catalogue;
	const char *text = (const char *)data;
	const char *middle = size ? memmem(text, size, "\n\n", 2) : NULL;
	size_t first = middle ? (size_t)(middle - text) + 1 : size;
	struct comparison_set comparison = {0};
	struct err err = {0};

	if (!catalogue.json && catalogue_from_json(json_loads(catalogue_text, 0, NULL), &catalogue, &err) < 0)
		abort();
	if (add(text, first, &comparison.before, &err) == 0 &&
	    add(text + first, size - first, &comparison.after, &err) == 0)
		compare(&comparison, &catalogue, &err);
	else if (err.code == 0 || err.text[0] == '\0')
		abort();
	comparison_free(&comparison);
	return 0;
}
