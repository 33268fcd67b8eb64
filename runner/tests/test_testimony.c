/*
 * What the witness says to the model: agreement, disagreement, and why there is none.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fixtures.h"
#include "lib/traces.h"
#include "verdict/testimony.h"

static struct fixture *fixture;
static struct verdict verdict;
static struct witness witness;

#define KERNEL_HERE KERNEL(7, 2)

/* The captured trace of a call refused by a check, as the witness of many-mmaps, whose check is map-count. */
static void hear(const char *check)
{
	static struct captured_trace traces[TRACES_MOST];
	unsigned count = traces_load("7.2", traces, TRACES_MOST);
	bool found = false;

	for (unsigned i = 0; i < count; i++) {
		if (!found && strcmp(traces[i].call, "mmap") == 0 && strcmp(traces[i].check, check) == 0) {
			trace_witness(&traces[i], &witness);
			found = true;
		}
		free(traces[i].text);
	}
	cr_assert(found, "%s", check);
}

static void judge(void)
{
	verdict = fixture_verdict(fixture);
	testimony_judge(&witness, KERNEL_HERE, &fixture->observation, &verdict);
}

static void load(void)
{
	fixture = fixture_load("many-mmaps-7.2");
	fixture->observation.traced = (struct traced){.asked = true, .refused = true};
	hear("map-count");
}

static void release(void)
{
	fixture_free(fixture);
}

TestSuite(testimony, .init = load, .fini = release);

Test(testimony, agrees)
{
	judge();
	cr_expect(verdict.witness == AGREES && verdict.word == VERDICT_EXACT && verdict.expected);
	cr_assert(eq(int, verdict.witness_origin, 0));
	cr_expect(eq(str, witness.chain[0].function, "do_mmap"));
	cr_expect(verdict.witness_how == NULL && verdict.witness_problem[0] == '\0');
}

/* Three agree, or it is a finding. */
Test(testimony, of_another_check)
{
	hear("commit-heuristic");
	judge();
	cr_expect(verdict.model == AGREES && verdict.push == AGREES && verdict.witness == DISAGREES);
	cr_expect(verdict.word == VERDICT_OFF && !verdict.expected);
	cr_expect(eq(str, verdict.reason,
		     "the kernel's witness is __vm_enough_memory (of commit-heuristic commit-limit), the model says "
		     "map-count"));
}

/* A verdict that is OFF already keeps its own reason. */
Test(testimony, keeps_the_first_reason)
{
	fixture->observation.accepted--;
	hear("commit-heuristic");
	judge();
	cr_expect(verdict.word == VERDICT_OFF && verdict.witness == DISAGREES);
	cr_expect(strncmp(verdict.reason, "it was refused elsewhere", 24) == 0, "%s", verdict.reason);
}

/* The function was traced and said nothing, though the call was refused. */
Test(testimony, silence_of_the_expected)
{
	witness.chain_count = 0;
	judge();
	cr_expect(verdict.witness == DISAGREES && verdict.word == VERDICT_OFF && verdict.witness_origin == -1);
	cr_expect(eq(str, verdict.reason, "the model says map-count, but do_mmap returned no error"));
}

Test(testimony, expected_function_could_not_be_traced)
{
	witness.chain_count = witness.probed_count = 0;
	judge();
	cr_expect(verdict.witness == ABSENT && verdict.word == VERDICT_EXACT);
	cr_expect(eq(str, verdict.witness_problem, "no function that can be traced on this kernel returned an error"));
}

Test(testimony, nothing_was_seen)
{
	witness.chain_count = 0;
	witness.error = 0;
	judge();
	cr_expect(verdict.witness == ABSENT && verdict.word == VERDICT_EXACT);
	cr_expect(eq(str, verdict.witness_problem, "no system call was seen to be refused"));
}

Test(testimony, another_errno)
{
	witness.error = EAGAIN;
	judge();
	cr_expect(verdict.witness == DISAGREES && verdict.word == VERDICT_OFF);
}

/* It is then not of the refusal that was measured. */
Test(testimony, the_refusal_had_moved)
{
	fixture->observation.traced.more = 3;
	judge();
	cr_expect(verdict.witness == ABSENT && verdict.word == VERDICT_EXACT);
	cr_expect(eq(str, verdict.witness_problem, "the refusal had moved by 3 when it was traced"));
	fixture->observation.traced.refused = false;
	judge();
	cr_expect(verdict.witness == ABSENT);
}

Test(testimony, could_not_be_traced)
{
	fixture->observation.traced.error = EPERM;
	judge();
	cr_expect(verdict.witness == ABSENT && verdict.witness_origin == -1);
	cr_expect(eq(str, verdict.witness_problem, "the refused request could not be traced: EPERM"));
}

Test(testimony, not_asked_for)
{
	fixture->observation.traced.asked = false;
	memset(&witness, 0, sizeof(witness));
	judge();
	cr_expect(verdict.witness == ABSENT && verdict.witness_problem[0] == '\0');
}

/* A function that answers with a bool is the innermost only when the next one may have asked it. */
Test(testimony, origin)
{
	struct witness_return over = {.function = "is_rlimit_overlimit", .returns = RETURNS_TRUE, .value = 1};
	struct witness_return enough = {.function = "__vm_enough_memory", .value = -ENOMEM};
	struct witness_return copy = {.function = "copy_process", .returns = RETURNS_ADDRESS, .value = -EAGAIN};
	struct witness seen = {.chain = {over, copy}, .chain_count = 2};

	cr_expect(eq(int, testimony_origin(&seen, KERNEL_HERE, "fork"), 0));
	seen = (struct witness){.chain = {over, enough, copy}, .chain_count = 3};
	cr_expect(eq(int, testimony_origin(&seen, KERNEL_HERE, "fork"), 1));
	seen = (struct witness){.chain = {over}, .chain_count = 1};
	cr_expect(eq(int, testimony_origin(&seen, KERNEL_HERE, "fork"), 0));
	seen.chain_count = 0;
	cr_expect(eq(int, testimony_origin(&seen, KERNEL_HERE, "fork"), -1));
}
