/*
 * Selections: globs, what is skipped, parameters good and bad, with the nearest right word.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "lib/fixtures.h"

static struct catalogue catalogue;

static void load_catalogue(void)
{
	fixture_catalogue(&catalogue);
}

static void free_catalogue(void)
{
	catalogue_free(&catalogue);
}

TestSuite(plan, .init = load_catalogue, .fini = free_catalogue);

/* Words as on a command line: "many-mmaps -big-* pages=2": patterns, skips and parameters. */
struct words {
	char text[512];
	struct choice choices[8];
	const char *skips[8], *parameters[8];
	struct selection selection;
};

static void split_words(const char *line, struct words *ret)
{
	char *position = NULL;

	*ret = (struct words){.selection = {.repeats = 1}};
	strncpy(ret->text, line, sizeof(ret->text) - 1);
	for (char *word = strtok_r(ret->text, " ", &position); word; word = strtok_r(NULL, " ", &position)) {
		if (word[0] == '-')
			ret->skips[ret->selection.skip_count++] = word + 1;
		else if (word[0] == '!' || strchr(word, '='))
			ret->parameters[ret->selection.parameter_count++] = word + (word[0] == '!');
		else
			ret->choices[ret->selection.choice_count++].pattern = word;
	}
	ret->selection.choices = ret->choices;
	ret->selection.skips = ret->skips;
	ret->selection.parameters = ret->parameters;
}

static int make(const char *line, struct plan *ret, struct err *err)
{
	static struct words words; /* the plan points into them */

	split_words(line, &words);
	*ret = (struct plan){0};
	return plan_make(&catalogue, &words.selection, ret, err);
}

#define ALL \
	"big-fork fixed-map-hole madvise-at-limit many-mmaps mprotect-splits mremap-at-limit oversized-mmap ulimit-v"

static void expect_names(const char *line, const char *names)
{
	struct plan plan;
	struct err err = {0};
	char chosen[512] = "";

	cr_expect(eq(int, make(line, &plan, &err), 0), "%s: %s", line, err.text);
	for (unsigned i = 0; i < plan.count; i++) {
		strcat(chosen, i ? " " : "");
		strcat(chosen, plan.cells[i].scenario->name);
	}
	cr_expect(eq(str, chosen, (char *)names), "%s", line);
	plan_free(&plan);
}

static void expect_error(const char *line, const char *text, const char *advice)
{
	struct plan plan;
	struct err err = {0};

	cr_expect(eq(int, make(line, &plan, &err), -EINVAL), "%s", line);
	cr_expect(eq(str, err.text, (char *)text));
	cr_expect(eq(str, err.advice, (char *)advice));
	cr_expect(eq(uint, plan.count, 0));
	plan_free(&plan);
}

Test(plan, chooses_by_glob_in_the_order_of_names)
{
	expect_names("", ALL);
	expect_names("*", ALL);
	expect_names("ulimit-v many-mmaps", "many-mmaps ulimit-v");
	expect_names("ma*", "madvise-at-limit many-mmaps");
	expect_names("many-mmaps ma* many-mmaps", "madvise-at-limit many-mmaps");
	expect_names("[bo]*", "big-fork oversized-mmap");
	expect_names("-m*", "big-fork fixed-map-hole oversized-mmap ulimit-v");
	expect_names("m* -*splits -*limit", "many-mmaps");
}

Test(plan, repeats_each_cell)
{
	struct choice choice = {.pattern = "m[ap][nr]*"};
	struct selection selection = {.choices = &choice, .choice_count = 1, .repeats = 3};
	struct plan plan;
	struct err err = {0};

	cr_assert(eq(int, plan_make(&catalogue, &selection, &plan, &err), 0));
	cr_assert(eq(uint, plan.count, 6));
	for (unsigned i = 0; i < 6; i++) {
		cr_expect(eq(uint, plan_repeat(&plan, i), i % 3 + 1));
		cr_expect(eq(str, (char *)plan_cell(&plan, i)->scenario->name,
			     (char *)(i < 3 ? "many-mmaps" : "mprotect-splits")));
	}
	plan_free(&plan);
	cr_expect(plan.cells == NULL && plan.count == 0);
	plan_free(&plan);
}

Test(plan, choices_for_some_configurations)
{
	static const struct configuration configurations[] = {{.name = "maps-1"}, {.name = "maps-2"}, {.name = "mode"}};
	struct choice choices[] = {{.pattern = "many-mmaps", .configurations = "maps-*"},
				   {.pattern = "big-fork"},
				   {.pattern = "oversized-mmap", .configurations = "!(maps-1)"}};
	struct selection selection = {.choices = choices,
				      .choice_count = 3,
				      .configurations = configurations,
				      .configuration_count = 3,
				      .repeats = 1};
	unsigned many = 0, fork = 0, oversized = 0;
	struct err err = {0};
	struct plan plan;

	cr_assert(plan_make(&catalogue, &selection, &plan, &err) == 0, "%s", err.text);
	for (unsigned i = 0; i < plan.cell_count; i++) {
		const char *name = plan.cells[i].configuration->name;

		many += strcmp(plan.cells[i].scenario->name, "many-mmaps") == 0 && strncmp(name, "maps-", 5) == 0;
		fork += strcmp(plan.cells[i].scenario->name, "big-fork") == 0;
		oversized += strcmp(plan.cells[i].scenario->name, "oversized-mmap") == 0 && strcmp(name, "maps-1") != 0;
	}
	cr_expect(many == 2 && fork == 3 && oversized == 2 && plan.cell_count == 7);
	plan_free(&plan);
	choices[0].configurations = "map-*";
	cr_expect(plan_make(&catalogue, &selection, &plan, &err) == -EINVAL && strstr(err.text, "\"map-*\""));
	plan_free(&plan);
}

Test(plan, words_that_choose_nothing)
{
	expect_error("many-mmap", "cannot run \"many-mmap\": there is no such scenario",
		     "did you mean \"many-mmaps\"?");
	expect_error("qemu", "cannot run \"qemu\": there is no such scenario", "`enomem list` shows the scenarios");
	expect_error("z*", "cannot run \"z*\": there is no such scenario", "`enomem list` shows the scenarios");
	expect_error("-fork", "cannot skip \"fork\": there is no such scenario", "did you mean \"big-fork\"?");
	expect_error("many-mmaps -*", "cannot run anything: --skip leaves no scenario", "");
	expect_error("many-mmaps -many-mmaps", "cannot run anything: --skip leaves no scenario", "");
}

Test(plan, parameters_are_taken_by_those_that_declare_them)
{
	struct plan plan;
	struct err err = {0};

	cr_assert(eq(int, make("pages=2 pages=3 limit=+1M", &plan, &err), 0), "%s", err.text);
	cr_expect(eq(str, (char *)cell_value(&plan.cells[0], "vmas"), "1"));
	cr_expect(cell_value(&plan.cells[0], "pages") == NULL);
	cr_expect(eq(str, (char *)cell_value(&plan.cells[3], "pages"), "3"), "the last one counts");
	cr_expect(eq(str, (char *)cell_value(&plan.cells[3], "backing"), "anonymous"));
	cr_expect(eq(str, (char *)cell_value(&plan.cells[7], "limit"), "+1M"));
	cr_expect(eq(u64, plan.cells[3].operation.requests[0].pages, 3));
	cr_expect(plan.cells[3].operation.requests[0].to == PROTECTION_READ);
	plan_free(&plan);
	cr_assert(eq(int, make("big-fork vmas=4096", &plan, &err), 0));
	cr_expect(eq(uint, plan.cells[0].operation.count, 3));
	cr_expect(eq(u64, plan.cells[0].operation.requests[0].plus_pages, 4096));
	cr_expect(plan.cells[0].operation.requests[0].pages_are_size);
	cr_expect(eq(u64, plan.cells[0].operation.requests[1].areas, 4096));
	plan_free(&plan);
}

Test(plan, parameters_at_their_bounds)
{
	expect_names("many-mmaps pages=1", "many-mmaps");
	expect_names("many-mmaps pages=1048576", "many-mmaps");
	expect_names("many-mmaps backing=file protection=none", "many-mmaps");
	expect_names("ulimit-v limit=4096", "ulimit-v");
	expect_names("ulimit-v limit=128T limit_at=exec", "ulimit-v");
	expect_error("many-mmaps pages=0", "cannot use --param pages=0: pages of many-mmaps is out of range",
		     "it takes 1 to 1048576");
	expect_error("many-mmaps pages=1048577",
		     "cannot use --param pages=1048577: pages of many-mmaps is out of range", "it takes 1 to 1048576");
	expect_error("ulimit-v limit=4095", "cannot use --param limit=4095: limit of ulimit-v is out of range",
		     "it takes 4096 to 140737488355328");
	expect_error("ulimit-v limit=129T", "cannot use --param limit=129T: limit of ulimit-v is out of range",
		     "it takes 4096 to 140737488355328");
}

Test(plan, parameters_that_make_no_sense)
{
	expect_error("many-mmaps pages=two", "cannot use --param pages=two: pages of many-mmaps takes a whole number",
		     "it takes 1 to 1048576");
	expect_error("many-mmaps pages=", "cannot use --param pages=: pages of many-mmaps takes a whole number",
		     "it takes 1 to 1048576");
	expect_error("many-mmaps backing=anon",
		     "cannot use --param backing=anon: backing of many-mmaps takes one of the words it takes",
		     "it takes anonymous|file");
	expect_error("many-mmaps backing=",
		     "cannot use --param backing=: backing of many-mmaps takes one of the words it takes",
		     "it takes anonymous|file");
	expect_error("many-mmaps backing=anonymous|file",
		     "cannot use --param backing=anonymous|file: backing of many-mmaps takes one of the words it takes",
		     "it takes anonymous|file");
	expect_error("ulimit-v limit=1m",
		     "cannot use --param limit=1m: limit of ulimit-v takes a size like 512M, or +64M",
		     "it takes 4096 to 140737488355328");
	expect_error("many-mmaps page=2", "cannot use --param page=2: no chosen scenario has a parameter \"page\"",
		     "did you mean \"pages\"?");
	expect_error("mprotect-splits pages=2",
		     "cannot use --param pages=2: no chosen scenario has a parameter \"pages\"",
		     "`enomem list` shows the parameters");
	expect_error("many-mmaps =2", "cannot use --param =2: no chosen scenario has a parameter \"\"",
		     "`enomem list` shows the parameters");
	expect_error("many-mmaps !pages", "cannot use --param pages: it is not name=value",
		     "write for example --param pages=2");
}

Test(plan, substitutes_parameters)
{
	struct plan plan;
	struct err err = {0};
	char text[16];

	cr_assert(eq(int, make("many-mmaps pages=42", &plan, &err), 0));
	cr_expect(eq(int, cell_substitute(&plan.cells[0], "a$pages,$size", text, sizeof(text), &err), 0));
	cr_expect(eq(str, text, "a42,$size"));
	cr_expect(eq(int, cell_substitute(&plan.cells[0], "", text, sizeof(text), &err), 0));
	cr_expect(eq(str, text, ""));
	cr_expect(eq(int, cell_substitute(&plan.cells[0], "123456789012345", text, sizeof(text), &err), 0));
	cr_expect(eq(int, cell_substitute(&plan.cells[0], "1234567890123456", text, sizeof(text), &err), -ENOSPC));
	cr_expect(eq(int, cell_substitute(&plan.cells[0], "12345678901234$pages", text, sizeof(text), &err), -ENOSPC));
	cr_expect(eq(int, cell_substitute(&plan.cells[0], "1$", text, sizeof(text), &err), -EINVAL));
	cr_expect(eq(int, cell_substitute(&plan.cells[0], "$pagesize", text, sizeof(text), &err), -EINVAL));
	cr_expect(eq(str, err.text, "cannot read many-mmaps: it uses \"$pagesize\" but declares no such parameter"));
	plan_free(&plan);
}

static void expect_operation(const char *line, const char *calls)
{
	struct plan plan;
	struct err err = {0};
	char made[128] = "";

	cr_assert(eq(int, make(line, &plan, &err), 0), "%s: %s", line, err.text);
	for (unsigned i = 0; i < plan.cells[0].operation.count; i++) {
		strcat(made, i ? " " : "");
		strcat(made, request_call_name(plan.cells[0].operation.requests[i].call));
	}
	cr_expect(eq(str, made, (char *)calls), "%s", line);
	plan_free(&plan);
}

Test(plan, requests_behind_a_condition)
{
	expect_operation("mremap-at-limit", "mremap mmap");
	expect_operation("mremap-at-limit kind=fixed", "mremap mmap");
	expect_operation("mremap-at-limit kind=move", "mremap munmap mmap mmap");
	expect_operation("big-fork", "mmap mprotect fork");
}

static void expect_bad_operation(const char *const *lines, unsigned count, const char *text)
{
	struct scenario scenario = {.name = "s", .operation_count = count};
	struct cell cell = {.scenario = &scenario};
	struct err err = {0};

	memcpy(scenario.operation, lines, count * sizeof(*lines));
	cr_expect(eq(int, cell_make_operation(&cell, &err), -EINVAL));
	cr_expect(eq(str, err.text, (char *)text));
}

Test(plan, conditions_that_leave_too_much_or_nothing)
{
	static const char *const none[] = {"a=b? fork"};
	static const char *const many[] = {"fork", "fork", "fork", "fork", "fork", "a=a? fork", "a=b? fork", "fork"};
	static const char *const bad[] = {"a=a? spoon"};

	expect_bad_operation(none, 1, "cannot read s: with these parameters it makes no request");
	expect_bad_operation(many, 8, "cannot read s: it makes more than 6 requests at once");
	expect_bad_operation(bad, 1, "cannot read request \"spoon\": it begins with no known call");
}
