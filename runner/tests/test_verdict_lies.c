/*
 * Captured cells with one thing changed: each lie must be seen, and said.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "lib/fixtures.h"

static struct fixture *fixture;

static void load_many_mmaps(void)
{
	fixture = fixture_load("many-mmaps-6.18");
}

static void release(void)
{
	fixture_free(fixture);
}

TestSuite(lies, .init = load_many_mmaps, .fini = release);

static struct verdict expect_off(const char *reason)
{
	struct verdict verdict = fixture_verdict(fixture);

	cr_expect(eq(str, (char *)verdict_word(verdict.word), "OFF"));
	cr_expect(eq(str, verdict.reason, (char *)reason));
	cr_expect(not(verdict.expected));
	return verdict;
}

Test(lies, another_errno)
{
	fixture->observation.refusal.kernel_errno = EAGAIN;
	cr_expect(expect_off("the errno is not the predicted one").model == DISAGREES);
}

Test(lies, the_errno_of_the_library_does_not_matter)
{
	fixture->observation.refusal.api_errno = EAGAIN;
	cr_expect(fixture_verdict(fixture).word == VERDICT_EXACT);
}

Test(lies, one_later)
{
	struct verdict verdict;

	fixture->observation.accepted = 65509;
	verdict = expect_off("it was refused elsewhere than predicted");
	cr_expect(eq(u64, verdict.difference, 1));
	cr_expect(not(verdict.difference_is_below));
	cr_expect(verdict.model == DISAGREES);
	cr_expect(verdict.push == AGREES, "the pushes moved it all the same");
}

Test(lies, one_earlier)
{
	struct verdict verdict;

	fixture->observation.accepted = 65507;
	verdict = expect_off("it was refused elsewhere than predicted");
	cr_expect(eq(u64, verdict.difference, 1));
	cr_expect(verdict.difference_is_below);
}

Test(lies, another_call)
{
	strcpy(fixture->observation.refusal.call, "mprotect");
	cr_expect(expect_off("another call was refused than predicted").cause == NULL);
}

/* One map less stands at the refusal: no check of the model refuses there. */
Test(lies, nothing_explains_it)
{
	struct verdict verdict;

	fixture->observation.standing.process.map_count = 65530;
	verdict = expect_off("another check refuses in the standing state than predicted");
	cr_expect(verdict.cause == NULL);
	cr_expect(verdict.model == DISAGREES);
}

Test(lies, another_cause)
{
	struct verdict verdict;

	fixture->observation.standing.process.map_count = 65530;
	fixture->observation.standing.process.limits[LIMIT_AS].soft = 263172 * 1024;
	verdict = expect_off("another check refuses in the standing state than predicted");
	cr_assert(verdict.cause != NULL);
	cr_expect(eq(str, (char *)verdict.cause->name, "rlimit-as"));
	cr_expect(eq(u64, verdict.comparison.value, 65794));
	cr_expect(eq(u64, verdict.comparison.limit, 65793));
}

Test(lies, a_push_that_moved_one_too_far)
{
	struct verdict verdict;

	fixture->observation.pushes[4].more = 8;
	verdict = expect_off("a push moved the refusal otherwise than predicted");
	cr_expect(verdict.model == AGREES && verdict.push == DISAGREES);
	cr_expect(not(verdict.pushes[4].agrees));
	cr_expect(eq(u64, verdict.pushes[4].least_more, 7));
	cr_expect(eq(u64, verdict.pushes[4].most_more, 7));
}

Test(lies, a_push_that_did_not_move)
{
	fixture->observation.pushes[4].more = 0;
	cr_expect(expect_off("a push moved the refusal otherwise than predicted").push == DISAGREES);
}

Test(lies, a_push_that_should_not_have_moved)
{
	fixture->observation.pushes[2].more = 1;
	cr_expect(expect_off("a push moved the refusal otherwise than predicted").push == DISAGREES);
}

Test(lies, no_push_could_be_made)
{
	struct verdict verdict;

	for (unsigned i = 0; i < fixture->observation.push_count; i++)
		fixture->observation.pushes[i].error = ENOSPC;
	verdict = fixture_verdict(fixture);
	cr_expect(verdict.word == VERDICT_EXACT);
	cr_expect(verdict.push == ABSENT && !(verdict.pushes[4].tried));
	fixture->observation.push_count = 0;
	cr_expect(fixture_verdict(fixture).push == ABSENT);
}

Test(lies, refused_though_nothing_should_be)
{
	fixture->observation.before.machine.max_map_count = UNLIMITED;
	fixture->observation.before.machine.overcommit_memory = 1;
	cr_expect(expect_off("it was refused though no refusal was predicted").model == DISAGREES);
}

/* Another kernel's rule: on 5.10 the same numbers of a many-mmaps cell mean the same. */
Test(lies, an_unknown_kernel_is_taken_for_the_oldest)
{
	strcpy(fixture->host.kernel, "4.4.0");
	cr_expect(fixture_verdict(fixture).word == VERDICT_EXACT);
	strcpy(fixture->host.kernel, "unknown");
	cr_expect(fixture_verdict(fixture).word == VERDICT_EXACT);
}

Test(lies, a_limit_set_between_before_and_refusal)
{
	fixture->observation.before.process.limits[LIMIT_AS].soft = (1140 / 4 + 1000) * 4096;
	struct verdict verdict = expect_off("it was refused elsewhere than predicted");

	cr_expect(eq(u64, verdict.prediction.central, 1000));
	cr_expect(eq(u64, verdict.difference, 64508));
	cr_expect(eq(str, (char *)verdict.prediction.check->name, "rlimit-as"));
	cr_expect(eq(str, (char *)verdict.cause->name, "map-count"));
}
