/*
 * Verdicts of captured cells (cells/README.md), and of the same cells as other kernels have them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "lib/fixtures.h"

struct expected {
	const char *cell;
	uint64_t accepted;
	const char *call, *check, *cause;
	unsigned moved; /* bit mask of the pushes that moved it */
};

static const struct expected cells[] = {
	{"many-mmaps-6.18", 65508, "mmap", "map-count", "map count 65531 > vm.max_map_count 65530", 1 << 4},
	{"many-mmaps-5.10", 65508, "mmap", "map-count", "map count 65531 > vm.max_map_count 65530", 1 << 4},
	{"many-mmaps-7.2", 65508, "mmap", "map-count", "map count 65531 > vm.max_map_count 65530", 1 << 4},
	{"many-mmaps-write-6.18", 65508, "mmap", "map-count", "map count 65531 > vm.max_map_count 65530", 1 << 4},
	{"mprotect-splits-6.18", 32749, "mprotect", "map-count-split", "map count 65530 >= vm.max_map_count 65530",
	 1 << 4},
	{"mprotect-splits-6.1", 32749, "mprotect", "map-count-split", "map count 65530 >= vm.max_map_count 65530",
	 1 << 4},
	{"mremap-at-limit-6.18", 65501, "mremap", "map-count-mremap-fixed",
	 "map count 65525 + 5 >= vm.max_map_count 65530", 1 << 4},
	{"madvise-at-limit-5.10", 32749, "madvise", "map-count-split", "map count 65530 >= vm.max_map_count 65530",
	 1 << 4},
	{"fixed-map-hole-6.18", 6170905, "mmap", "commit-heuristic",
	 "request 6170906 pages > RAM + swap 6170905 pages (vm.overcommit_memory=0)", 1 << 5},
	{"fixed-map-hole-6.1", 6170905, "mmap", "commit-heuristic",
	 "request 6170906 pages > RAM + swap 6170905 pages (vm.overcommit_memory=0)", 1 << 5},
	{"oversized-mmap-6.18", 6171021, "mmap", "commit-heuristic",
	 "request 6171022 pages > RAM + swap 6171021 pages (vm.overcommit_memory=0)", 1 << 5},
	{"big-fork-6.18", 6171021, "fork", "commit-heuristic-fork",
	 "largest VMA 6171022 pages > RAM + swap 6171021 pages (vm.overcommit_memory=0)", 1 << 5},
	{"ulimit-v-6.18", 256, "mmap", "rlimit-as", "address space 542 + 1 pages > RLIMIT_AS 542 pages",
	 1 << 0 | 1 << 2},
	{"ulimit-v-5.10", 256, "mmap", "rlimit-as", "address space 542 + 1 pages > RLIMIT_AS 542 pages",
	 1 << 0 | 1 << 2 | 1 << 3},
	{"ulimit-v-exec-6.18", 256, "mmap", "rlimit-as", "address space 516 + 1 pages > RLIMIT_AS 516 pages", 1 << 0},
};

static void expect_pushes(const struct fixture *fixture, const struct verdict *verdict, const struct expected *expected)
{
	for (unsigned i = 0; i < fixture->observation.push_count; i++) {
		const struct push_judgement *push = &verdict->pushes[i];
		bool moved = expected->moved >> i & 1;

		cr_expect(push->tried == (fixture->observation.pushes[i].error == 0), "%s: push %u", expected->cell, i);
		if (!push->tried)
			continue;
		cr_expect(push->agrees, "%s: push %u", expected->cell, i);
		cr_expect(eq(u64, push->least_more, moved ? fixture->observation.pushes[i].more : 0), "%s: push %u",
			  expected->cell, i);
		cr_expect(eq(u64, push->most_more, push->least_more), "%s: push %u", expected->cell, i);
	}
}

Test(verdict, exact_cells)
{
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		const struct expected *expected = &cells[i];
		struct fixture *fixture = fixture_load(expected->cell);
		struct verdict verdict = fixture_verdict(fixture);

		cr_expect(eq(str, (char *)verdict_word(verdict.word), "EXACT"), "%s: %s", expected->cell,
			  verdict.reason);
		cr_expect(eq(str, verdict.reason, ""), "%s", expected->cell);
		cr_expect(verdict.expected && verdict.predicted && verdict.prediction.refused, "%s", expected->cell);
		cr_expect(eq(u64, verdict.prediction.central, expected->accepted), "%s", expected->cell);
		cr_expect(eq(u64, fixture->observation.accepted, expected->accepted), "%s", expected->cell);
		cr_expect(eq(u64, verdict.difference, 0), "%s", expected->cell);
		cr_expect(eq(str, (char *)verdict.prediction.call, (char *)expected->call));
		cr_expect(eq(int, verdict.prediction.error, ENOMEM), "%s", expected->cell);
		cr_expect(eq(str, (char *)verdict.prediction.check->name, (char *)expected->check));
		cr_assert(verdict.cause == verdict.prediction.check, "%s", expected->cell);
		cr_expect(eq(str, verdict.comparison.text, (char *)expected->cause));
		cr_expect(verdict.model == AGREES && verdict.push == AGREES, "%s", expected->cell);
		cr_expect(not(verdict.start_refused), "%s", expected->cell);
		expect_pushes(fixture, &verdict, expected);
		fixture_free(fixture);
	}
}

/*
 * 3085510 - 2048 - 48478 / 32 allowed, 64740 committed: 3017207. One other CPU may hide 12052 - 1 pages.
 * 48208 pages given back raise it by so much and by a 32nd of them, the reserve for the user.
 */
Test(verdict, mode_2_is_exact_within_its_band)
{
	struct fixture *fixture = fixture_load("oversized-mmap-mode-2");
	struct verdict verdict = fixture_verdict(fixture);

	cr_expect(eq(str, (char *)verdict_word(verdict.word), "EXACT"), "%s", verdict.reason);
	cr_expect(eq(u64, verdict.prediction.central, 3017207));
	cr_expect(eq(u64, verdict.prediction.least, 3017207 - 12051));
	cr_expect(eq(u64, verdict.prediction.most, 3017207 + 12051));
	cr_expect(eq(u64, verdict.difference, 0));
	cr_expect(eq(str, (char *)verdict.prediction.check->name, "commit-limit"));
	cr_expect(verdict.model == AGREES && verdict.push == AGREES);
	cr_expect(eq(u64, verdict.pushes[3].least_more, 49714 - 24103));
	cr_expect(eq(u64, verdict.pushes[3].most_more, 49714 + 24103));
	fixture->observation.accepted = 3017207 + 12051;
	cr_expect(fixture_verdict(fixture).word == VERDICT_EXACT, "the upper end");
	fixture->observation.accepted = 3017207 - 12052;
	verdict = fixture_verdict(fixture);
	cr_expect(verdict.word == VERDICT_OFF);
	cr_expect(eq(u64, verdict.difference, 1));
	cr_expect(verdict.difference_is_below);
	fixture_free(fixture);
}

/* The same with the per-CPU counter synchronised: to the page, and what others commit stays in the band. */
Test(verdict, mode_2_is_exact_once_synchronised)
{
	struct fixture *fixture = fixture_load("oversized-mmap-mode-2-exact");
	struct verdict verdict = fixture_verdict(fixture);

	cr_expect(eq(str, (char *)verdict_word(verdict.word), "EXACT"), "%s", verdict.reason);
	cr_expect(verdict.prediction.exact && !verdict.disturbed && verdict.reason[0] == '\0');
	cr_expect(eq(u64, verdict.prediction.central, 3017207));
	cr_expect(eq(u64, verdict.pushes[3].least_more, 49714));
	cr_expect(eq(u64, verdict.pushes[3].most_more, 49714));
	cr_expect(verdict.push == AGREES && verdict.cause == verdict.prediction.check);
	fixture->observation.accepted = 3017207 - 1;
	verdict = fixture_verdict(fixture);
	cr_expect(verdict.word == VERDICT_OFF && verdict.disturbance_pages == 0, "nothing shows a disturbance");
	fixture->observation.after.committed_as_kib += 12;
	verdict = fixture_verdict(fixture);
	cr_expect(eq(u64, verdict.disturbance_pages, 3));
	cr_expect(verdict.word == VERDICT_EXACT && verdict.disturbed && verdict.expected);
	cr_expect(strncmp(verdict.reason, "disturbed: other programs commit", 32) == 0, "%s", verdict.reason);
	cr_expect(eq(u64, verdict.difference, 1));
	fixture->observation.accepted = 3017207 - 12051 - 3;
	cr_expect(eq(int, (int)fixture_verdict(fixture).word, VERDICT_EXACT), "the batch and what others committed");
	fixture->observation.accepted--;
	cr_expect(eq(int, (int)fixture_verdict(fixture).word, VERDICT_OFF), "more than both explain");
	fixture->observation.accepted = 3017207 - 1;
	fixture->observation.cpu = -1;
	cr_expect(not(fixture_verdict(fixture).prediction.exact), "it could use several CPUs");
	fixture_free(fixture);
}

/* The program of 13 maps and 260 pages does not start in 512 KiB. */
Test(verdict, a_refused_start_is_a_refusal)
{
	struct fixture *fixture = fixture_load("ulimit-v-start-6.18");
	struct verdict verdict = fixture_verdict(fixture);

	cr_expect(eq(str, (char *)verdict_word(verdict.word), "EXACT"), "%s", verdict.reason);
	cr_expect(verdict.start_refused && verdict.expected);
	cr_expect(eq(str, (char *)verdict.prediction.call, "exec"));
	cr_expect(eq(str, (char *)verdict.cause->name, "rlimit-as"));
	cr_expect(eq(str, verdict.comparison.text, "the program's start needs 260 pages > RLIMIT_AS 128 pages"));
	cr_expect(eq(str, verdict.start_end, "SIGSEGV"));
	cr_expect(verdict.model == AGREES && verdict.push == AGREES);
	fixture->specification.limits[0].bytes = 260 * 4096;
	verdict = fixture_verdict(fixture);
	cr_expect(eq(str, (char *)verdict_word(verdict.word), "OFF"), "it should have started");
	cr_expect(verdict.model == DISAGREES && !(verdict.expected));
	fixture_free(fixture);
}
