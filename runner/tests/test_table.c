/*
 * The table of what changed from kernel to kernel.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare/table.h"
#include "lib/baselines.h"

static struct catalogue catalogue;
static struct err err;
static char directory[] = "/tmp/enomem-test-table-XXXXXX";
static char paths[3][80];

static void load(void)
{
	fixture_catalogue(&catalogue);
	cr_assert(mkdtemp(directory) != NULL);
	for (int i = 0; i < 3; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%d", directory, i);
}

static void release(void)
{
	for (int i = 0; i < 3; i++)
		unlink(paths[i]);
	rmdir(directory);
	catalogue_free(&catalogue);
}

TestSuite(table, .init = load, .fini = release);

static json_t *cell(const char *name, const char *configuration, const char *kernel)
{
	json_t *result = result_of_cell(name);
	char environment[64];

	snprintf(environment, sizeof(environment), "vm:debian:%s", kernel);
	result_set(result, "environment", json_string(environment));
	result_set(result, "kernel", json_string(kernel));
	result_set(result, "configuration", json_string(configuration));
	return result;
}

/* Takes over the results. */
static void write_file(int file, json_t *results)
{
	FILE *stream = fopen(paths[file], "w");
	char *text = baseline_of(results);

	fputs(text, stream);
	fclose(stream);
	free(text);
}

static int make(unsigned count, char **ret_text)
{
	const char *files[] = {paths[0], paths[1], paths[2]};
	struct table table;
	size_t size;
	int status = table_make(files, count, &catalogue, &table, &err);

	*ret_text = NULL;
	if (status == 0) {
		FILE *stream = open_memstream(ret_text, &size);

		status = table_print(stream, &table, &catalogue, &err);
		fclose(stream);
	}
	table_free(&table);
	return status;
}

/* Only `changes` differ from kernel to kernel: 7.0 refuses with another errno, and RAM is less in 6.19. */
static json_t *kernel(const char *version, const char *error)
{
	json_t *one = cell("many-mmaps-6.18", "a", version), *other = cell("many-mmaps-6.18", "b", version);
	json_t *follows = cell("oversized-mmap-6.18", "a", version);

	result_set(one, "refusal.errno", json_string(error));
	result_set(other, "refusal.errno", json_string(error));
	if (strcmp(version, "6.19") == 0) {
		result_set(follows, "snapshots.before.machine.mem_total_kib", json_integer(4096));
		result_set(follows, "refusal.accepted", json_integer(1024));
	}
	return json_pack("[o, o, o]", one, other, follows);
}

#define LEGEND "\n`=`: as on the kernel before. `-`: not in its file. Where sizes moved it only, it is the same.\n"

/* Columns in the order of versions, not of files; alike rows in one; what follows sizes left out. */
Test(table, rows)
{
	json_t *newest = kernel("7.0", "EAGAIN");
	char *text;

	json_array_append_new(newest, cell("ulimit-v-6.18", "new|er", "7.0"));
	write_file(0, newest);
	write_file(1, kernel("6.9", "ENOMEM"));
	write_file(2, kernel("6.19", "ENOMEM"));
	cr_assert(eq(int, make(3, &text), 0), "%s", err.text);
	cr_expect(eq(str, text,
		     "| scenario | configuration | 6.9 | 6.19 | 7.0 |\n"
		     "| --- | --- | --- | --- | --- |\n"
		     "| many-mmaps | a, b | 65508, mmap: ENOMEM (map-count) | = | 65508, mmap: EAGAIN (map-count) "
		     "|\n" LEGEND));
	free(text);
}

/* A kernel in between that does not have the cell hides no change. */
Test(table, missing)
{
	json_t *gone = cell("many-mmaps-6.18", "a", "7.0");
	char *text;

	result_set(gone, "refusal", json_null());
	result_set(gone, "cause", json_null());
	result_set(gone, "verdict", json_string("NO-REFUSAL"));
	result_set(gone, "parameters.pages", json_string("2"));
	write_file(0, json_pack("[o]", gone));
	write_file(1, json_pack("[o]", cell("oversized-mmap-6.18", "a", "6.19")));
	gone = cell("many-mmaps-6.18", "a", "6.9");
	result_set(gone, "parameters.pages", json_string("2"));
	write_file(2, json_pack("[o]", gone));
	cr_assert(eq(int, make(3, &text), 0), "%s", err.text);
	cr_expect(eq(str, text,
		     "| scenario | configuration | 6.9 | 6.19 | 7.0 |\n"
		     "| --- | --- | --- | --- | --- |\n"
		     "| many-mmaps, pages=2 | a | 65508, mmap: ENOMEM (map-count) | - | no refusal |\n" LEGEND));
	free(text);
}

Test(table, nothing)
{
	char *text;

	write_file(0, kernel("6.18", "ENOMEM"));
	write_file(1, kernel("6.19", "ENOMEM"));
	cr_assert(eq(int, make(2, &text), 0), "%s", err.text);
	cr_expect(eq(str, text, "Nothing changed between these kernels.\n"));
	free(text);
}

Test(table, bad)
{
	json_t *two = json_pack("[o, o]", cell("many-mmaps-6.18", "a", "6.9"), cell("many-mmaps-6.18", "a", "7.0"));
	char *text;

	write_file(0, kernel("6.18", "ENOMEM"));
	write_file(1, two);
	cr_expect(eq(int, make(2, &text), -EINVAL));
	cr_expect(ne(ptr, strstr(err.text, "it has several environments"), NULL), "%s", err.text);
	memset(&err, 0, sizeof(err));
	two = cell("many-mmaps-6.18", "a", "6.9");
	result_set(two, "kernel", json_string(""));
	write_file(1, json_pack("[o]", two));
	cr_expect(eq(int, make(2, &text), -EINVAL));
	cr_expect(ne(ptr, strstr(err.text, "it has no kernel"), NULL), "%s", err.text);
	unlink(paths[1]);
	cr_expect(eq(int, make(2, &text), -ENOENT));
}
