/*
 * Results as lines: whole ones, on disks that are full and files that may not grow.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/fixtures.h"
#include "report/json_lines.h"
#include "report/result_json.h"

static struct fixture *fixture;
static struct run_facts facts;
static struct result result;
static char path[] = "/tmp/enomem-test-lines-XXXXXX";

static void load(void)
{
	int fd = mkstemp(path);

	cr_assert(fd >= 0);
	close(fd);
	fixture = fixture_load("many-mmaps-6.18");
	facts.host.facts = fixture->host;
	result = (struct result){.run = &facts,
				 .cell = fixture->cell,
				 .specification = fixture->specification,
				 .observation = fixture->observation,
				 .verdict = fixture_verdict(fixture)};
}

static void release(void)
{
	fixture_free(fixture);
	unlink(path);
}

TestSuite(json_lines, .init = load, .fini = release);

static off_t size_of(const char *file)
{
	struct stat status;

	cr_assert(stat(file, &status) == 0);
	return status.st_size;
}

/* Criterion's worker is a process of its own, so this is for one test only. */
static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

/* Each line must be one whole object of schema 1. */
static unsigned count_lines(const char *file)
{
	FILE *stream = fopen(file, "r");
	unsigned lines = 0;
	char *line = NULL;
	size_t size = 0;

	cr_assert(stream != NULL);
	while (getline(&line, &size, stream) > 0) {
		json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

		cr_expect(json_integer_value(json_object_get(json, "schema")) == 1, "line %u", lines);
		cr_expect(line[strlen(line) - 1] == '\n', "line %u", lines);
		json_decref(json);
		lines++;
	}
	free(line);
	fclose(stream);
	return lines;
}

Test(json_lines, are_whole)
{
	struct json_lines output;
	struct err err = {0};

	cr_assert(eq(int, json_lines_open(path, &output, &err), 0));
	cr_expect(eq(int, json_lines_add(&output, &result, &err), 0));
	cr_expect(eq(int, json_lines_add(&output, &result, &err), 0));
	cr_expect(eq(uint, output.lines, 2));
	cr_expect(eq(int, json_lines_close(&output, &err), 0));
	cr_expect(eq(uint, count_lines(path), 2));
	cr_expect(eq(u64, output.bytes, (uint64_t)size_of(path)));
	cr_assert(eq(int, json_lines_open(path, &output, &err), 0));
	cr_expect(eq(int, json_lines_close(&output, &err), 0));
	cr_expect(eq(i64, size_of(path), 0), "a new run empties the file");
	cr_expect(eq(int, json_lines_close(&output, &err), 0), "twice");
}

Test(json_lines, a_full_disk_is_said_once)
{
	struct json_lines output;
	struct err err = {0};

	cr_assert(eq(int, json_lines_open("/dev/full", &output, &err), 0));
	cr_expect(eq(int, json_lines_add(&output, &result, &err), -ENOSPC));
	cr_expect(eq(str, err.text, "cannot write /dev/full: No space left on device"));
	cr_expect(eq(str, err.advice, "0 finished results are in it"));
	cr_expect(output.failed);
	cr_expect(eq(int, json_lines_add(&output, &result, &err), 0), "nothing more is tried");
	cr_expect(eq(uint, output.lines, 0));
	cr_expect(eq(int, json_lines_close(&output, &err), 0));
}

/* The third line fits only in part: it is cut off again. */
Test(json_lines, a_line_that_is_cut_is_taken_back)
{
	struct json_lines output;
	struct err err = {0};
	off_t line;

	cr_assert(eq(int, json_lines_open(path, &output, &err), 0));
	cr_assert(eq(int, json_lines_add(&output, &result, &err), 0));
	line = size_of(path);
	limit_file_size((rlim_t)line * 5 / 2);
	cr_expect(eq(int, json_lines_add(&output, &result, &err), 0));
	cr_expect(eq(int, json_lines_add(&output, &result, &err), -EFBIG));
	cr_expect(eq(str, err.advice, "2 finished results are in it"));
	cr_expect(eq(i64, size_of(path), 2 * line));
	cr_expect(eq(int, json_lines_close(&output, &err), 0));
	cr_expect(eq(uint, count_lines(path), 2));
}

Test(json_lines, where_nothing_can_be_written)
{
	struct json_lines output;
	struct err err = {0};

	cr_expect(eq(int, json_lines_open("/nonexistent/x", &output, &err), -ENOENT));
	cr_expect(eq(str, err.text, "cannot write /nonexistent/x: No such file or directory"));
	cr_expect(eq(int, output.fd, -1));
	cr_expect(eq(int, json_lines_close(&output, &err), 0), "one that is not open");
	cr_expect(eq(int, json_lines_open("/", &output, &err), -EISDIR));
}

Test(json_lines, a_reader_that_has_gone)
{
	struct json_lines output;
	struct err err = {0};
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	cr_assert(pipe(ends) == 0);
	close(ends[0]);
	json_lines_attach(ends[1], "stdout", &output);
	cr_expect(eq(int, json_lines_add(&output, &result, &err), -EPIPE));
	cr_expect(eq(int, json_lines_close(&output, &err), 0));
}

/* With `enomem run --format=json >>FILE`, a full disk takes nothing away. */
Test(json_lines, what_was_in_an_appended_file_stays)
{
	struct json_lines output;
	struct err err = {0};
	int fd = open(path, O_WRONLY | O_APPEND);

	cr_assert(write(fd, "{}\n", 3) == 3);
	limit_file_size(100);
	json_lines_attach(fd, "stdout", &output);
	cr_expect(eq(int, json_lines_add(&output, &result, &err), -EFBIG));
	cr_expect(eq(i64, size_of(path), 3));
	json_lines_close(&output, &err);
}

/* Names from files need not be UTF-8; the result has its host all the same. */
Test(json_lines, names_that_are_not_utf_8)
{
	json_t *json;

	strcpy(facts.host.facts.distribution, "Caf\xe9 Linux");
	json = result_to_json(&result);
	cr_expect(json_object_get(json, "host") != NULL);
	json_decref(json);
}
