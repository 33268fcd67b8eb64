/*
 * Results as KTAP: the line, the directive and the diagnostics of each verdict, and of a comparison.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fixtures.h"
#include "report/ktap.h"

static struct fixture *fixture;
static struct run_facts facts;
static struct result result;
static struct ktap_regression regression;

static void load(void)
{
	fixture = fixture_load("many-mmaps-6.18");
	facts.host.facts = fixture->host;
	result = (struct result){.run = &facts,
				 .cell = fixture->cell,
				 .index = 4,
				 .repeat = 1,
				 .specification = fixture->specification,
				 .observation = fixture->observation,
				 .verdict = fixture_verdict(fixture)};
	regression = (struct ktap_regression){.text = ""};
}

static void release(void)
{
	fixture_free(fixture);
}

TestSuite(ktap, .init = load, .fini = release);

static void expect(const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	ktap_result(stream, &fixture->plan, &result, &regression);
	fclose(stream);
	cr_expect(eq(str, text, (char *)expected));
	free(text);
}

static void give(enum verdict_word word, bool expected, const char *reason)
{
	result.verdict.word = word;
	result.verdict.expected = expected;
	snprintf(result.verdict.reason, sizeof(result.verdict.reason), "%s", reason);
}

static void skip(const char *reason)
{
	struct err err = {.code = 1};

	snprintf(err.text, sizeof(err.text), "%s", reason);
	result.verdict = verdict_skip(&err);
	result.observation.has_refusal = false;
}

#define FACTS                                                                                  \
	"# predicted: 65508 operations accepted, then mmap refused with ENOMEM by map-count\n" \
	"# measured: 65508 operations accepted, then mmap refused with ENOMEM\n"               \
	"# cause: map count 65531 > vm.max_map_count 65530\n"

Test(ktap, begin)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	ktap_begin(stream, 12);
	fclose(stream);
	cr_expect(eq(str, text, "KTAP version 1\n1..12\n"));
	free(text);
}

Test(ktap, verdicts)
{
	expect("ok 5 many-mmaps.default\n");
	give(VERDICT_OFF, false, "refused earlier");
	expect("# OFF: refused earlier\n" FACTS "not ok 5 many-mmaps.default\n");
	give(VERDICT_TIMEOUT, false, "60 s were too few");
	expect("# TIMEOUT: 60 s were too few\n" FACTS "not ok 5 many-mmaps.default # TIMEOUT 60 s were too few\n");
	give(VERDICT_BROKEN, false, "no agent");
	expect("# BROKEN: no agent\n" FACTS "not ok 5 many-mmaps.default # ERROR no agent\n");
	give(VERDICT_NO_REFUSAL, true, "as predicted");
	expect("ok 5 many-mmaps.default\n");
	skip("cannot set it here");
	expect("ok 5 many-mmaps.default # SKIP cannot set it here\n");
}

/* In a regression test what changed counts. */
Test(ktap, against)
{
	regression = (struct ktap_regression){.file = "FILE", .known = true, .text = ""};
	give(VERDICT_OFF, false, "refused earlier");
	expect("ok 5 many-mmaps.default\n");
	give(VERDICT_TIMEOUT, false, "slow");
	expect("# TIMEOUT: slow\n" FACTS "not ok 5 many-mmaps.default # TIMEOUT slow\n");
	give(VERDICT_EXACT, true, "");
	regression.known = false;
	expect("# FILE does not have this cell\nok 5 many-mmaps.default\n");
	give(VERDICT_OFF, false, "x");
	expect("# FILE does not have this cell\n# OFF: x\n" FACTS "not ok 5 many-mmaps.default\n");
	give(VERDICT_EXACT, true, "");
	regression = (struct ktap_regression){
		.file = "FILE", .known = true, .changed = true, .text = "cell\n    moved 1 -> 2\n\n"};
	expect("# cell\n#     moved 1 -> 2\n# EXACT\n" FACTS "not ok 5 many-mmaps.default\n");
	skip("not here");
	expect("# cell\n#     moved 1 -> 2\n# SKIP: not here\nnot ok 5 many-mmaps.default\n");
	regression.changed = false;
	expect("ok 5 many-mmaps.default # SKIP not here\n");
}

/* What distinguishes it from others of the plan, and nothing that ends a name. */
Test(ktap, name)
{
	struct cell cell = *fixture->cell;

	fixture->plan.repeats = 2;
	result.repeat = 2;
	result.cell = &cell;
	cell.values[0] = "a #\\b\n";
	expect("ok 5 many-mmaps.default.pages=a___b_.repeat-2\n");
}
