/*
 * Commit accounting at its boundaries, by mode (reference, section 2).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "lib/states.h"

static void expect(struct model_state state, const char *line, const char *name)
{
	cr_expect(eq(str, (char *)refuser(state, line), (char *)name), "%s", line);
}

static struct model_state in_mode(uint64_t mode)
{
	struct model_state state = free_state();

	state.commit.mode = mode;
	return state;
}

Test(heuristic, one_request_against_all_memory)
{
	struct model_state state = in_mode(0);

	expect(state, "mmap pages=200000 protection=write", "-");
	expect(state, "mmap pages=200001 protection=write", "commit-heuristic");
	expect(state, "mmap pages=200001 protection=write backing=file", "commit-heuristic");
	expect(state, "mmap pages=200001 protection=read", "-");
	expect(state, "mmap pages=200001 protection=write noreserve=yes", "-");
	expect(state, "mmap pages=200001 protection=write sharing=shared", "commit-heuristic");
	expect(state, "mmap pages=200001 protection=none sharing=shared", "commit-heuristic");
	expect(state, "mmap pages=200001 protection=write sharing=shared noreserve=yes", "-");
	expect(state, "mmap pages=200001 protection=write sharing=shared backing=file", "-");
	expect(state, "brk pages=200001", "commit-heuristic");
	expect(state, "mprotect pages=200001 from=none to=write", "commit-heuristic");
	expect(state, "mprotect pages=200001 from=none to=write pieces=yes", "-");
	expect(state, "mprotect pages=200001 from=write to=write", "-");
	expect(state, "mprotect pages=200001 from=none to=write sharing=shared", "-");
	cr_expect(eq(int, refused_errno(state, "mmap pages=200001 protection=write"), ENOMEM));
	state.commit.committed_pages = 1000000; /* no sum over requests */
	expect(state, "mmap pages=200000 protection=write", "-");
}

Test(heuristic, fork_looks_at_the_largest_vma)
{
	struct model_state state = in_mode(0);

	state.accounted_pages = 300000;
	state.largest_accounted_pages = 200000;
	expect(state, "fork", "-");
	state.largest_accounted_pages = 200001;
	expect(state, "fork", "commit-heuristic-fork");
	cr_expect(eq(int, refused_errno(state, "fork"), ENOMEM));
	state.commit.mode = 1;
	expect(state, "fork", "-");
}

Test(mode_1, refuses_nothing)
{
	expect(in_mode(1), "mmap pages=1000000000 protection=write", "-");
	expect(in_mode(1), "brk pages=1000000000", "-");
}

/* 100000 - 5000 committed, no reserve, total_vm 1000: OK iff 5000 + n < 100000. */
Test(mode_2, is_strict)
{
	struct model_state state = in_mode(2);

	expect(state, "mmap pages=94999 protection=write", "-");
	expect(state, "mmap pages=95000 protection=write", "commit-limit");
	expect(state, "mmap pages=95000 protection=write noreserve=yes", "commit-limit");
	expect(state, "mmap pages=95000 sharing=shared noreserve=yes", "commit-limit");
	expect(state, "mmap pages=95000 protection=read", "-");
	expect(state, "mmap pages=95000 protection=write sharing=shared backing=file", "-");
	expect(state, "brk pages=94999", "-");
	expect(state, "brk pages=95000", "commit-limit");
	expect(state, "mprotect pages=94999 from=read to=write", "-");
	expect(state, "mprotect pages=95000 from=read to=write pieces=yes", "commit-limit");
	expect(state, "mmap pages=0 protection=write", "-");
	cr_expect(eq(int, refused_errno(state, "brk pages=95000"), ENOMEM));
}

Test(mode_2, reserves)
{
	struct model_state state = in_mode(2);

	state.commit.admin_reserve_pages = 2000;
	expect(state, "brk pages=92999", "-");
	expect(state, "brk pages=93000", "commit-limit");
	state.commit.cap_sys_admin = true;
	expect(state, "brk pages=94999", "-");
	state.commit.user_reserve_pages = 500;
	state.total_pages = 3231; /* / 32 = 100 */
	expect(state, "brk pages=94899", "-");
	expect(state, "brk pages=94900", "commit-limit");
	state.total_pages = 1000000; /* / 32 is more than the reserve */
	expect(state, "brk pages=94499", "-");
	expect(state, "brk pages=94500", "commit-limit");
	state.commit.limit_pages = 500;
	expect(state, "brk pages=1", "commit-limit");
}

Test(mode_2, fork_charges_the_whole_parent)
{
	struct model_state state = in_mode(2);

	state.accounted_pages = 94999;
	expect(state, "fork", "-");
	state.accounted_pages = 95000;
	expect(state, "fork", "commit-limit-fork");
	state.accounted_pages = 0;
	state.commit.committed_pages = 200000;
	expect(state, "fork", "-"); /* nothing to charge, nothing to refuse */
}

Test(mode_2, the_counter_may_be_off)
{
	struct model_state state = in_mode(2);

	state.commit.bias_pages = 10;
	expect(state, "brk pages=94989", "-");
	expect(state, "brk pages=94990", "commit-limit");
	state.commit.bias_pages = -10;
	expect(state, "brk pages=95009", "-");
	expect(state, "brk pages=95010", "commit-limit");
	state.commit.bias_pages = -1000000; /* shown as 0 */
	expect(state, "brk pages=200000", "-");
}

Test(mode_2, comparisons_have_numbers)
{
	struct model_state state = in_mode(2);
	struct request request = request_of("mmap pages=95001 protection=write");
	struct refusal_reason reason = {0};

	cr_assert(not(apply_request(&state, &request, &reason)));
	cr_expect(eq(u64, reason.comparison.value, 100001));
	cr_expect(eq(u64, reason.comparison.limit, 100000));
	cr_expect(eq(str, reason.comparison.text,
		     "commit charge 5000 + 95001 pages >= commit limit less reserves 100000 pages"));
}

/* 24 GiB and two CPUs: the numbers of the reference, 12288 pages. */
Test(batch, as_mm_compute_batch_has_it)
{
	cr_expect(eq(u64, commit_batch_pages(2, 6291456, 2), 12288));
	cr_expect(eq(u64, commit_batch_pages(0, 6291456, 2), 786432));
	cr_expect(eq(u64, commit_batch_pages(1, 6291456, 2), 786432));
	cr_expect(eq(u64, commit_batch_pages(2, 16384, 2), 32), "64 MiB");
	cr_expect(eq(u64, commit_batch_pages(2, 16384, 64), 128), "two for each CPU");
	cr_expect(eq(u64, commit_batch_pages(0, UINT64_C(1) << 40, 1), INT32_MAX));
}
