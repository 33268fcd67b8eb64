/*
 * Plan files and sysctl files: what good ones say, and of a corpus of bad ones (tests/plans/bad,
 * tests/sysctl/bad) what is said about each (tests/.../expected).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan/plan_file.h"
#include "plan/sysctl_file.h"

static int parse(const char *text, struct plan_file *ret, struct err *err)
{
	return plan_file_parse(text, strlen(text), "plan.yaml", ret, err);
}

Test(plan_file, all_fields)
{
	struct plan_file file;
	struct err err = {0};
	const struct configuration *strict;

	cr_assert(parse("scenarios: [many-mmaps, {name: big-fork, parameters: {vmas: 16}, configurations: s*}]\n"
			"environments: [ns, host]\n"
			"configurations:\n"
			"  default: {}\n"
			"  nothing:\n"
			"  strict: {vm.overcommit_ratio: 50, vm/overcommit_memory: 2, rlimit.as: 4G}\n"
			"repeat: 3\n",
			&file, &err) == 0,
		  "%s", err.text);
	cr_assert(eq(uint, file.choice_count, 2));
	cr_expect(eq(str, (char *)file.choices[0].pattern, "many-mmaps"));
	cr_expect(eq(uint, file.choices[0].parameter_count, 0));
	cr_expect(eq(str, (char *)file.choices[1].pattern, "big-fork"));
	cr_assert(eq(uint, file.choices[1].parameter_count, 1));
	cr_expect(eq(str, (char *)file.choices[1].parameters[0], "vmas=16"));
	cr_expect(file.choices[0].configurations == NULL && strcmp(file.choices[1].configurations, "s*") == 0);
	cr_expect(file.environment_count == 2 && file.environments[0].id == ENVIRONMENT_NS &&
		  file.environments[1].id == ENVIRONMENT_HOST);
	cr_assert(eq(uint, file.configuration_count, 3));
	cr_expect(eq(str, file.configurations[0].name, "default"));
	cr_expect(eq(uint, file.configurations[1].count, 0));
	strict = &file.configurations[2];
	cr_assert(eq(uint, strict->count, 3));
	/* In the order of the knobs, whatever that of the file. */
	cr_expect(eq(str, (char *)strict->settings[0].knob->name, "vm.overcommit_memory"));
	cr_expect(eq(u64, strict->settings[2].value, UINT64_C(4) << 30));
	cr_expect(eq(u64, file.repeats, 3));
	plan_file_free(&file);
	cr_expect(file.choices == NULL && file.configuration_count == 0);
	plan_file_free(&file);
}

Test(plan_file, what_is_left_out)
{
	struct plan_file file;
	struct err err = {0};

	cr_assert(parse("environments: host\nscenarios: 'm*'\n", &file, &err) == 0, "%s", err.text);
	cr_expect(file.choice_count == 1 && file.environment_count == 1 && file.configuration_count == 0 &&
		  file.repeats == 0);
	plan_file_free(&file);
}

Test(plan_file, an_error_leaves_nothing)
{
	struct plan_file file;
	struct err err = {0};

	cr_expect(eq(int, parse("scenarios: [a, {name: b, parameters: {x: 1}}]\nrepeat: no\n", &file, &err), -EINVAL));
	cr_expect(file.choices == NULL && file.strings == NULL && file.choice_count == 0);
	cr_expect(
		eq(str, err.text, "cannot read plan.yaml: line 2: repeat: a number from 1 to 100000 is expected here"));
}

Test(plan_file, those_that_come_with_the_tool)
{
	static const char *const names[] = {"example", "core"};

	for (int i = 0; i < 2; i++) {
		char path[512];
		struct plan_file file;
		struct err err = {0};

		snprintf(path, sizeof(path), "%s/../plans/%s.yaml", TEST_FILES_DIR, names[i]);
		cr_expect(plan_file_load(path, &file, &err) == 0, "%s", err.text);
		cr_expect(file.choice_count >= 2 && file.configuration_count >= 4);
		plan_file_free(&file);
	}
}

Test(plan_file, files_that_cannot_be_read)
{
	struct plan_file file;
	struct err err = {0};

	cr_expect(eq(int, plan_file_load("/no/such/plan.yaml", &file, &err), -ENOENT));
	cr_expect(eq(str, err.text, "cannot read /no/such/plan.yaml: No such file or directory"));
	cr_expect(eq(int, plan_file_load("/tmp", &file, &err), -EISDIR));
	cr_expect(eq(int, plan_file_load("/dev/zero", &file, &err), -EFBIG));
	cr_expect(eq(str, err.text, "cannot read /dev/zero: it is larger than 1 MiB"));
}

typedef int load_fn(const char *path, struct err *err);

static int load_plan(const char *path, struct err *err)
{
	struct plan_file file;

	return plan_file_load(path, &file, err);
}

static int load_sysctl(const char *path, struct err *err)
{
	struct configuration configuration;
	unsigned others;

	return sysctl_file_load(path, &configuration, &others, err);
}

/* Each file of the corpus, with what is said of it and (perhaps) advised: FILE<tab>TEXT<tab>ADVICE. */
static unsigned expect_corpus(const char *directory, load_fn *load)
{
	char path[512], line[400];
	unsigned count = 0;
	FILE *expected;

	snprintf(path, sizeof(path), "%s/%s/expected", TEST_FILES_DIR, directory);
	expected = fopen(path, "r");
	cr_assert(expected != NULL, "%s", path);
	for (; fgets(line, sizeof(line), expected); count++) {
		char *name = line, *text = strchr(line, '\t'), *advice = strchr(text + 1, '\t');
		struct err err = {0};

		*text++ = *advice++ = '\0';
		advice[strcspn(advice, "\n")] = '\0';
		snprintf(path, sizeof(path), "%s/%s/bad/%s", TEST_FILES_DIR, directory, name);
		cr_expect(load(path, &err) == -EINVAL, "%s", name);
		cr_expect(strstr(err.text, name) && strstr(err.text, text) && strstr(err.advice, advice),
			  "%s: expected \"%s\" (%s), said: %s (%s)", name, text, advice, err.text, err.advice);
		cr_expect(strncmp(err.text, "cannot ", 7) == 0, "%s", err.text);
	}
	fclose(expected);
	return count;
}

Test(plan_file, corpus_of_bad_ones)
{
	cr_expect(expect_corpus("plans", load_plan) >= 46);
}

Test(sysctl_file, corpus_of_bad_ones)
{
	cr_expect(expect_corpus("sysctl", load_sysctl) >= 8);
}

Test(sysctl_file, as_people_write_them)
{
	static const char text[] = "# comment\n; another\n\n"
				   "  vm.max_map_count=262144  \n"
				   "vm/overcommit_memory = 2\r\n"
				   "-vm.overcommit_ratio = 80\n"
				   "-net.ipv4.conf.all.rp_filter\n"
				   "net.core.somaxconn = 4096\n"
				   "vm.swappiness = 10\n"
				   "vm.overcommit_kbytes = 1048576\n"
				   "vm.max_map_count = 1048576";
	struct configuration configuration;
	struct err err = {0};
	unsigned others = 9;

	cr_assert(sysctl_file_parse(text, strlen(text), "/etc/sysctl.d/99 mine.conf", &configuration, &others, &err) ==
			  0,
		  "%s", err.text);
	cr_expect(eq(str, configuration.name, "99-mine"));
	cr_expect(eq(uint, others, 2));
	cr_assert(eq(uint, configuration.count, 3));
	/* The last line for a key counts, and of ratio and kbytes the later one. */
	cr_expect(eq(u64, configuration_find(&configuration, KNOB_MAX_MAP_COUNT)->value, 1048576));
	cr_expect(eq(u64, configuration_find(&configuration, KNOB_OVERCOMMIT_MEMORY)->value, 2));
	cr_expect(configuration_find(&configuration, KNOB_OVERCOMMIT_RATIO) == NULL);
	cr_expect(eq(u64, configuration_find(&configuration, KNOB_OVERCOMMIT_KBYTES)->value, 1048576));
}
