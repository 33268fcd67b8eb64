/*
 * Results files as outside data: what is wrong with one is said with its line and member.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare/comparison.h"
#include "compare/lines.h"
#include "compare/settings.h"
#include "lib/results.h"

static struct results results;
static struct err err;
static char path[] = "/tmp/enomem-test-compare-XXXXXX";
static int fd;

static void load(void)
{
	fd = mkstemp(path);
	cr_assert(fd >= 0);
}

static void release(void)
{
	results_free(&results);
	close(fd);
	unlink(path);
}

TestSuite(compare_input, .init = load, .fini = release);

static void append(const char *text, size_t length)
{
	cr_assert(eq(int, (int)write(fd, text, length), (int)length));
}

/* A golden file may be as small as this. */
static const char small[] = "{\"schema\":1,\"scenario\":\"a\",\"parameters\":{},\"configuration\":\"default\","
			    "\"environment\":\"ns\",\"refusal\":null,\"verdict\":\"EXACT\"}";

/* `member` of a whole result is replaced: the message must be `text` after the file and the line. */
static void expect_bad(const char *member, json_t *value, const char *text)
{
	json_t *result = result_of_cell("many-mmaps-6.18");
	char whole[300];

	result_set(result, member, value);
	memset(&err, 0, sizeof(err));
	results_add_bad(&results, result, &err);
	snprintf(whole, sizeof(whole), "cannot read FILE: line 1: %s", text);
	cr_expect(eq(str, err.text, whole), "%s", member);
	cr_expect(err.advice[0] != '\0', "%s", member);
	cr_expect(eq(sz, results.count, 0), "%s", member);
}

Test(compare_input, bad_members)
{
	expect_bad("schema", json_integer(0), "bad \"schema\"");
	expect_bad("schema", json_string("1"), "bad \"schema\"");
	expect_bad("schema", json_integer(2), "it has schema 2, and this enomem reads 1");
	expect_bad("scenario", json_integer(1), "bad \"scenario\"");
	expect_bad("scenario", json_string(""), "bad \"scenario\"");
	expect_bad("scenario", json_string("a\033[2J"), "bad \"scenario\"");
	expect_bad("scenario", json_string("a\xc2\x9b"), "bad \"scenario\"");
	expect_bad("parameters", json_null(), "bad \"parameters\"");
	expect_bad("parameters", json_array(), "bad \"parameters\"");
	expect_bad("parameters", json_pack("{s:i}", "pages", 1), "bad \"parameters\"");
	expect_bad("parameters", json_pack("{s:s}", "a=b", "1"), "bad \"parameters\"");
	expect_bad("parameters", json_pack("{s:s}", "", "1"), "bad \"parameters\"");
	expect_bad("parameters", json_pack("{s:s}", "pages", "1\n2"), "bad \"parameters\"");
	expect_bad("configuration", json_null(), "bad \"configuration\"");
	expect_bad("environment", json_object(), "bad \"environment\"");
	expect_bad("repeat", json_integer(0), "bad \"repeat\"");
	expect_bad("repeat", json_real(1.5), "bad \"repeat\"");
	expect_bad("verdict", json_string("FINE"), "bad \"verdict\"");
	expect_bad("verdict", json_null(), "bad \"verdict\"");
	expect_bad("left", json_string("hole"), "bad \"left\"");
	expect_bad("left", json_pack("{s:i}", "measured", 1), "bad \"left.measured\"");
	expect_bad("difference", json_string("0"), "bad \"difference\"");
	expect_bad("settings", json_array(), "bad \"settings\"");
	expect_bad("settings", json_pack("{s:b}", "vm.x", 1), "bad \"settings\"");
	expect_bad("kernel", json_string("6.1\n"), "bad \"kernel\"");
}

Test(compare_input, bad_measurements)
{
	expect_bad("refusal", json_integer(1), "bad \"refusal\"");
	expect_bad("refusal.accepted", json_null(), "bad \"refusal.accepted\"");
	expect_bad("refusal.accepted", json_integer(-1), "bad \"refusal.accepted\"");
	expect_bad("refusal.accepted", json_pack("{s:i, s:i}", "least", 1, "most", 2), "bad \"refusal.accepted\"");
	expect_bad("refusal.unit", json_string("bytes"), "bad \"refusal.unit\"");
	expect_bad("refusal.call", json_null(), "bad \"refusal.call\"");
	expect_bad("refusal.call", json_string("a call of many words"), "bad \"refusal.call\"");
	expect_bad("refusal.errno", json_integer(12), "bad \"refusal.errno\"");
	expect_bad("cause", json_string("map-count"), "bad \"cause\"");
	expect_bad("cause.check", json_integer(1), "bad \"cause.check\"");
	expect_bad("prediction", json_integer(1), "bad \"prediction\"");
	expect_bad("prediction.accepted", json_string("1"), "bad \"prediction.accepted\"");
	expect_bad("prediction.accepted", json_pack("{s:i}", "least", 1), "bad \"prediction.accepted\"");
	expect_bad("prediction.accepted", json_pack("{s:i, s:i}", "least", 2, "most", 1),
		   "bad \"prediction.accepted\"");
	expect_bad("prediction.call", json_integer(1), "bad \"prediction.call\"");
	expect_bad("snapshots.before", json_integer(1), "bad \"snapshots.before\": it is no object");
	expect_bad("snapshots.before.machine.max_map_count", json_integer(-1),
		   "bad \"snapshots.before\": bad \"max_map_count\"");
	expect_bad("snapshots.before.process.limits.as", json_null(), "bad \"snapshots.before\": bad limit \"as\"");
	expect_bad("host.page_bytes", json_integer(0), "bad \"host.page_bytes\"");
	expect_bad("host.page_bytes", json_integer(4097), "bad \"host.page_bytes\"");
	expect_bad("host.cpus_present", json_integer(0), "bad \"host.cpus_present\"");
	expect_bad("host.cpus_present", json_integer(INT64_MAX), "bad \"host.cpus_present\"");
}

Test(compare_input, a_band_is_understood)
{
	json_t *result = result_of_cell("oversized-mmap-mode-2");

	cr_assert(eq(int, (int)json_typeof(json_object_get(json_object_get(result, "prediction"), "accepted")),
		     JSON_OBJECT));
	results_add(&results, result);
	cr_expect(eq(u64, results.records[0].prediction.least, 3017207 - 12051));
	cr_expect(eq(u64, results.records[0].prediction.most, 3017207 + 12051));
	cr_expect(eq(u64, results.records[0].facts->synchronised, 0));
	results_add(&results, result_of_cell("oversized-mmap-mode-2-exact"));
	cr_expect(eq(u64, results.records[1].facts->synchronised, 1));
}

Test(compare_input, what_may_be_missing)
{
	results_add(&results, json_loads(small, 0, NULL));
	cr_expect(results.records[0].facts == NULL);
	cr_expect(eq(u64, results.records[0].repeat, 1));
	cr_expect(results.records[0].settings == NULL);
	cr_expect(eq(int, results.records[0].prediction.known, false));
}

Test(compare_input, capabilities_of_a_user_namespace_are_none)
{
	json_t *result = result_of_cell("many-mmaps-6.18");

	result_set(result, "snapshots.before.process.cap_effective", json_integer(255));
	results_add(&results, json_deep_copy(result));
	cr_expect(eq(u64, results.records[0].facts->snapshot.process.cap_effective, 0));
	result_set(result, "isolation.namespaces", json_array());
	results_add(&results, result);
	cr_expect(eq(u64, results.records[1].facts->snapshot.process.cap_effective, 255));
}

Test(compare_input, lines_of_all_lengths)
{
	static char long_text[3 << 20];
	struct lines lines;
	struct line line;
	size_t lengths[] = {0, 1, 70000, sizeof(long_text), 0, 5, 300000, 9};

	memset(long_text, 'x', sizeof(long_text));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		append(long_text, lengths[i]);
		append("\n", i + 1 < sizeof(lengths) / sizeof(*lengths));
	}
	cr_assert(eq(int, lines_open(path, &lines, &err), 0), "%s", err.text);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		cr_assert(eq(int, lines_next(&lines, &line, &err), 1), "%s", err.text);
		cr_expect(eq(sz, line.length, lengths[i]));
		cr_expect(eq(u64, lines.number, i + 1));
		cr_expect(eq(int, line.whole, i + 1 < sizeof(lengths) / sizeof(*lengths)));
		cr_expect(memcmp(line.text, long_text, line.length) == 0);
	}
	cr_expect(eq(int, lines_next(&lines, &line, &err), 0));
	lines_close(&lines);
}

Test(compare_input, a_line_without_end)
{
	append("\n", 1);
	/* Sparse: the zeros take no room on the disk. */
	cr_assert(ftruncate(fd, (off_t)LINE_BYTES_MOST + (16 << 20)) == 0);
	cr_expect(eq(int, results_read(path, &results, &err), -EFBIG));
	cr_expect(strstr(err.text, ": line 2 is longer than 64 MiB") != NULL, "%s", err.text);
}

/* Blank lines are none; a last line needs no newline when it is whole. */
Test(compare_input, whole_files)
{
	append("\n", 1);
	append(small, sizeof(small) - 1);
	append("\r\n \n", 4);
	append(small, sizeof(small) - 1);
	cr_assert(eq(int, results_read(path, &results, &err), 0), "%s", err.text);
	cr_expect(eq(sz, results.count, 2));
	cr_expect(eq(u64, results.records[0].line, 2));
	cr_expect(eq(u64, results.records[1].line, 4));
	cr_expect(eq(u64, results.cut_line, 0));
}

/* Wherever a writer was killed. */
Test(compare_input, a_cut_off_line_is_left_out)
{
	for (size_t length = 1; length < sizeof(small) - 1; length++) {
		cr_assert(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
		append(small, sizeof(small) - 1);
		append("\n", 1);
		append(small, length);
		cr_assert(eq(int, results_read(path, &results, &err), 0), "%zu: %s", length, err.text);
		cr_expect(eq(sz, results.count, 1));
		cr_expect(eq(u64, results.cut_line, 2), "%zu", length);
		results_free(&results);
	}
	cr_assert(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	append(small, 20);
	cr_expect(eq(int, results_read(path, &results, &err), -EINVAL));
	cr_expect(strstr(err.text, "line 1 is cut off, and there is no whole one") != NULL, "%s", err.text);
}

Test(compare_input, settings_that_differ)
{
	json_t *one = json_loads(small, 0, NULL), *other = json_deep_copy(one);
	struct settings_difference difference;
	struct settings_walk walk;
	struct pair pair;
	char seen[200] = "";

	result_set(one, "settings", json_pack("{s:i, s:i, s:s, s:n}", "vm.b", 1, "vm.a", 2, "x", "s", "same"));
	result_set(other, "settings", json_pack("{s:n, s:i, s:i, s:n}", "vm.b", "vm.a", 3, "y", 4, "same"));
	results_add(&results, one);
	results_add(&results, other);
	pair = (struct pair){.before = &results.records[0], .after = &results.records[1]};
	for (walk = settings_begin(&pair); settings_next(&walk, &difference);)
		sprintf(seen + strlen(seen), "%.*s:%.*s:%.*s ", (int)difference.name_length, difference.name,
			(int)difference.before_length, difference.before, (int)difference.after_length,
			difference.after);
	cr_expect(eq(str, seen, "vm.a:2:3 vm.b:1:null x:\"s\":unset y:unset:4 "));
}
