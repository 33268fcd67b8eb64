/*
 * Cells that ended in another way than at a refusal, and the exit status of a run.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "lib/fixtures.h"

static struct fixture *fixture;

static void load_many_mmaps(void)
{
	fixture = fixture_load("many-mmaps-6.18");
	fixture->observation.has_refusal = false;
	fixture->observation.push_count = 0;
}

static void release(void)
{
	fixture_free(fixture);
}

TestSuite(ends, .init = load_many_mmaps, .fini = release);

static struct verdict expect(const char *word, bool expected, const char *reason)
{
	struct verdict verdict = fixture_verdict(fixture);

	cr_expect(eq(str, (char *)verdict_word(verdict.word), (char *)word));
	cr_expect(eq(str, verdict.reason, (char *)reason));
	cr_expect(verdict.expected == expected);
	return verdict;
}

static void die(int signal, uint64_t kills_before, uint64_t kills_after)
{
	fixture->observation.outcome = OUTCOME_DIED;
	fixture->observation.accepted = 1234;
	fixture->observation.died = (struct death){true, signal ? -1 : 9, signal};
	fixture->observation.before.machine.oom_kills = kills_before;
	fixture->observation.after.oom_kills = kills_after;
}

Test(ends, killed_for_want_of_memory)
{
	die(SIGKILL, 3, 4);
	cr_expect(expect("KILLED", false, "the OOM killer ended it after 1234 accepted").model == ABSENT);
}

Test(ends, killed_by_somebody)
{
	die(SIGKILL, 3, 3);
	expect("CRASHED", false, "the scenario died of SIGKILL after 1234 accepted");
	die(SIGKILL, UNKNOWN, UNKNOWN);
	expect("CRASHED", false, "the scenario died of SIGKILL after 1234 accepted");
	die(SIGKILL, UNKNOWN, 4);
	expect("CRASHED", false, "the scenario died of SIGKILL after 1234 accepted");
}

Test(ends, crashed)
{
	die(SIGSEGV, 3, 4);
	expect("CRASHED", false, "the scenario died of SIGSEGV after 1234 accepted");
	die(0, 3, 3);
	expect("CRASHED", false, "the scenario exited with 9 after 1234 accepted");
}

Test(ends, timeout)
{
	fixture->observation.outcome = OUTCOME_TIMEOUT;
	fixture->observation.accepted = 77;
	fixture->specification.timeout_ms = 1500;
	expect("TIMEOUT", false,
	       "not refused within 1.5 s, 77 accepted by then (--timeout gives it longer, larger steps make it "
	       "shorter)");
}

Test(ends, unprepared)
{
	fixture->observation.outcome = OUTCOME_UNPREPARED;
	strcpy(fixture->observation.problem, "mmap refused with ENOMEM");
	expect("BROKEN", false,
	       "the scenario could not prepare: mmap refused with ENOMEM; the limits leave no room even for that");
}

Test(ends, no_start_without_a_limit)
{
	fixture->observation.outcome = OUTCOME_NO_START;
	fixture->observation.died = (struct death){true, 127, 0};
	expect("BROKEN", false, "the scenario could not start: exit 127");
	fixture->observation.died = (struct death){true, -1, SIGSEGV};
	expect("BROKEN", false, "the scenario could not start: SIGSEGV");
}

Test(ends, broken)
{
	fixture->observation.outcome = OUTCOME_BROKEN;
	strcpy(fixture->observation.problem, "the agent exited with 3");
	expect("BROKEN", false, "the agent exited with 3");
}

Test(ends, dry_run)
{
	struct verdict verdict;

	fixture->observation.outcome = OUTCOME_READY;
	verdict = expect("SKIP", true, "dry run: no request was made");
	cr_expect(verdict.predicted);
	cr_expect(eq(u64, verdict.prediction.central, 65508));
}

Test(ends, without_a_first_snapshot_nothing_is_predicted)
{
	fixture->observation.outcome = OUTCOME_TIMEOUT;
	fixture->observation.has_before = false;
	cr_expect(not(fixture_verdict(fixture).predicted));
}

Test(ends, done_though_a_refusal_was_predicted)
{
	struct verdict verdict;

	fixture->observation.outcome = OUTCOME_DONE;
	fixture->observation.accepted = fixture->observation.at_most;
	verdict = expect("NO-REFUSAL", false, "nothing was refused up to 85969, though a refusal was predicted");
	cr_expect(eq(u64, verdict.difference, 85969 - 65508));
	cr_expect(verdict.model == DISAGREES);
}

Test(ends, done_as_predicted)
{
	struct verdict verdict;

	fixture->observation.outcome = OUTCOME_DONE;
	fixture->observation.at_most = fixture->observation.accepted = 65508;
	verdict = expect("NO-REFUSAL", true,
			 "nothing was refused up to 65508, as predicted; the address space, or the limit "
			 "on it, holds no more of them");
	cr_expect(eq(u64, verdict.difference, 0));
	cr_expect(verdict.model == AGREES);
}

/* The reference start, made without the limit, failed: that proves nothing. */
Test(ends, not_even_the_reference_started)
{
	struct fixture *start = fixture_load("ulimit-v-start-6.18");
	struct verdict verdict;

	start->observation.has_before = false;
	verdict = fixture_verdict(start);
	cr_expect(eq(str, (char *)verdict_word(verdict.word), "BROKEN"), "%s", verdict.reason);
	cr_expect(verdict.push == ABSENT && !(verdict.start_refused));
	fixture_free(start);
}

Test(ends, a_program_that_gives_up_under_its_limit)
{
	struct fixture *start = fixture_load("ulimit-v-start-6.18");
	struct verdict verdict;

	start->observation.outcome = OUTCOME_UNPREPARED;
	start->observation.died = (struct death){0};
	strcpy(start->observation.problem, "mmap refused with ENOMEM");
	verdict = fixture_verdict(start);
	cr_expect(verdict.word == VERDICT_EXACT && verdict.start_refused);
	cr_expect(eq(str, verdict.start_end, "mmap refused with ENOMEM"));
	fixture_free(start);
}

static int status_of(const char *words)
{
	struct tally tally = {0};

	for (; *words; words++) {
		struct verdict verdict = *words == 's' ? verdict_skip(&(struct err){.text = "x"})
						       : verdict_broken(&(struct err){.text = "x"});

		if (*words == 'e' || *words == 'o') {
			verdict.word = *words == 'e' ? VERDICT_EXACT : VERDICT_OFF;
			verdict.expected = *words == 'e';
		}
		tally_add(&tally, &verdict);
	}
	return tally_exit_status(&tally);
}

Test(tally, exit_status)
{
	cr_expect(eq(int, status_of(""), 0));
	cr_expect(eq(int, status_of("ee"), 0));
	cr_expect(eq(int, status_of("es"), 0));
	cr_expect(eq(int, status_of("ss"), 77));
	cr_expect(eq(int, status_of("eo"), 1));
	cr_expect(eq(int, status_of("os"), 1));
	cr_expect(eq(int, status_of("eb"), 3));
	cr_expect(eq(int, status_of("obs"), 3));
}

Test(tally, words)
{
	cr_expect(eq(str, (char *)verdict_word(VERDICT_NO_REFUSAL), "NO-REFUSAL"));
	cr_expect(eq(str, (char *)agreement_word(AGREES), "agrees"));
	cr_expect(eq(str, (char *)agreement_word(DISAGREES), "disagrees"));
	cr_expect(eq(str, (char *)agreement_word(ABSENT), "absent"));
	cr_expect(eq(str, verdict_skip(&(struct err){.text = "why"}).reason, "why"));
	cr_expect(verdict_skip(&(struct err){.text = "why"}).expected &&
		  !(verdict_broken(&(struct err){.text = "why"}).expected));
}

/* Without a last snapshot nothing is known of what others moved, and nothing excused. */
Test(ends, no_last_snapshot_is_no_disturbance)
{
	struct fixture *exact = fixture_load("oversized-mmap-mode-2-exact");

	exact->observation.accepted -= 20000;
	cr_expect(fixture_verdict(exact).word == VERDICT_OFF, "outside the band");
	exact->observation.has_after = false;
	exact->observation.after = (struct machine_snapshot){0};
	cr_expect(fixture_verdict(exact).word == VERDICT_OFF, "the same without it");
	fixture_free(exact);
}
