/*
 * A baseline as a file: written whole, in the place of what was there, or not at all.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/results.h"
#include "report/baseline_file.h"

/* Of two cells, of which `count` end, with this verdict. */
static int write_file(const char *path, const char *verdict, unsigned count, struct err *err)
{
	struct baseline_file file;
	json_t *result = result_of_cell("many-mmaps-6.18");
	int status = baseline_file_begin(path, "make it", 2, &file, err);

	result_set(result, "verdict", json_string(verdict));
	for (unsigned i = 0; i < count && status == 0; i++)
		status = baseline_file_add(&file, 1 - i, result, err);
	if (status == 0)
		status = baseline_file_write(&file, err);
	json_decref(result);
	baseline_file_free(&file);
	return status;
}

/* What is there stays as it was until there is something better; nothing else is left. */
Test(baseline_file, file)
{
	char directory[] = "/tmp/enomem-test-baseline-XXXXXX", path[64], link[64];
	struct err err = {0};
	struct stat status;

	cr_assert(mkdtemp(directory) != NULL);
	snprintf(path, sizeof(path), "%s/file", directory);
	snprintf(link, sizeof(link), "%s/link", directory);
	cr_expect(eq(int, write_file(path, "BROKEN", 2, &err), -ECANCELED));
	cr_expect(ne(ptr, strstr(err.text, "many-mmaps [default] is BROKEN, and others"), NULL), "%s", err.text);
	cr_expect(eq(int, write_file(path, "EXACT", 1, &err), -ECANCELED));
	cr_expect(ne(ptr, strstr(err.text, "only 1 of 2 cells have ended"), NULL), "%s", err.text);
	cr_expect(eq(int, stat(path, &status), -1));
	cr_expect(eq(int, write_file(path, "OFF", 2, &err), 0), "%s", err.text);
	cr_assert(symlink("file", link) == 0);
	cr_expect(eq(int, write_file(link, "EXACT", 2, &err), 0), "%s", err.text);
	cr_assert(eq(int, lstat(link, &status), 0));
	cr_expect(eq(int, S_ISLNK(status.st_mode), true));
	cr_assert(eq(int, stat(path, &status), 0));
	cr_expect(gt(int, (int)status.st_size, 500));
	unlink(link);
	cr_expect(eq(int, unlink(path), 0));
	cr_expect(eq(int, rmdir(directory), 0), "something was left");
}

Test(baseline_file, no_place)
{
	static const char *const paths[] = {"/none/file", "/tmp", "/tmp/", "/dev/null", ""};
	struct baseline_file file;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		memset(&err, 0, sizeof(err));
		cr_expect(lt(int, baseline_file_begin(paths[i], "make it", 1, &file, &err), 0), "%s", paths[i]);
		cr_expect(ne(int, err.text[0], 0));
		baseline_file_free(&file);
	}
}
