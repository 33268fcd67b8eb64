/*
 * Every check at its boundary: accepted at the limit, refused one beyond it, with the errno, knob
 * and numbers of the reference (shared/reference/kernel-enomem-checks.md, 1.0 to 3).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "lib/states.h"

static void expect(struct model_state state, const char *line, const char *name)
{
	cr_expect(eq(str, (char *)refuser(state, line), (char *)name), "%s at map count %llu of %llu", line,
		  (unsigned long long)state.map_count, (unsigned long long)state.max_map_count);
}

static struct model_state with_maps(kernel_version version, uint64_t count)
{
	struct model_state state = free_state();

	state.version = version;
	state.map_count = count;
	state.max_map_count = 65530;
	return state;
}

/* Accepted with `last` maps, refused by `name` with `error` from one more on. */
static void expect_map_limit(kernel_version version, const char *line, uint64_t last, const char *name, int error)
{
	expect(with_maps(version, last), line, "-");
	expect(with_maps(version, last + 1), line, name);
	expect(with_maps(version, 70000), line, name);
	cr_expect(eq(int, refused_errno(with_maps(version, last + 1), line), error), "%s", line);
}

static const kernel_version versions[] = {KERNEL(5, 10), KERNEL(6, 1), KERNEL(6, 12), KERNEL(6, 18),
					  KERNEL(7, 0),  KERNEL(7, 1), KERNEL(7, 2)};

#define EACH_VERSION(version)                                                                                     \
	for (const kernel_version *version = versions; version < versions + sizeof(versions) / sizeof(*versions); \
	     version++)

Test(map_count, same_in_all_versions)
{
	EACH_VERSION(version)
	{
		expect_map_limit(*version, "mmap pages=1 protection=read", 65530, "map-count", ENOMEM);
		expect_map_limit(*version, "mmap pages=1 merges=yes", 65530, "map-count", ENOMEM);
		expect_map_limit(*version, "brk pages=1 merges=yes", 65530, "map-count-brk", ENOMEM);
		expect_map_limit(*version, "mprotect pages=1 from=none to=read splits=1", 65529, "map-count-split",
				 ENOMEM);
		expect_map_limit(*version, "mprotect pages=1 from=none to=read splits=2", 65528, "map-count-split",
				 ENOMEM);
		expect_map_limit(*version, "mprotect pages=8 areas=3", 65525, "map-count-split", ENOMEM);
		expect_map_limit(*version, "mlock pages=1 splits=1", 65529, "map-count-split", ENOMEM);
		expect_map_limit(*version, "hole pages=1", 65529, "map-count-hole", ENOMEM);
		expect(with_maps(*version, 70000), "mprotect pages=1 from=none to=read", "-");
		expect(with_maps(*version, 70000), "mlock pages=1", "-");
		expect(with_maps(*version, 70000), "madvise", "-");
		expect(with_maps(*version, 70000), "fork", "-");
	}
}

Test(map_count, madvise_changed_its_errno)
{
	expect_map_limit(KERNEL(5, 10), "madvise splits=1", 65529, "map-count-split", ENOMEM);
	expect_map_limit(KERNEL(6, 1), "madvise splits=1", 65529, "map-count-split", EAGAIN);
	expect_map_limit(KERNEL(7, 2), "madvise splits=2", 65528, "map-count-split", EAGAIN);
}

/* Reference 1.2: FIXED or DONTUNMAP mc >= max-5, a move mc >= max-3; from 7.1 every one mc >= max-3, and from 7.2
 * DONTUNMAP max-4 (guests/7.1.jsonl has a cell that only this explains).
 */
Test(map_count, mremap_changed_its_rules_in_7_1)
{
	EACH_VERSION(version)
	{
		bool old = *version < KERNEL(7, 1);
		uint64_t fixed = old ? 65524 : 65526, dontunmap = old ? 65524 : *version < KERNEL(7, 2) ? 65526 : 65525;

		expect_map_limit(*version, "mremap moves=yes fixed=yes", fixed,
				 old ? "map-count-mremap-fixed" : "map-count-mremap", ENOMEM);
		expect_map_limit(*version, "mremap moves=yes dontunmap=yes", dontunmap,
				 old ? "map-count-mremap-fixed" : "map-count-mremap", ENOMEM);
		expect_map_limit(*version, "mremap moves=yes", 65526,
				 old ? "map-count-mremap-move" : "map-count-mremap", ENOMEM);
		if (old)
			expect(with_maps(*version, 70000), "mremap pages=1", "-");
		if (old)
			expect(with_maps(*version, 70000), "mremap shrinks=yes pages=1", "-");
		if (!old)
			expect_map_limit(*version, "mremap shrinks=yes pages=1", 65526, "map-count-mremap", ENOMEM);
		if (!old)
			expect_map_limit(*version, "mremap pages=1", 65526, "map-count-mremap", ENOMEM);
	}
}

Test(map_count, comparisons_have_numbers)
{
	struct model_state state = with_maps(KERNEL(6, 12), 65531);
	struct request request = request_of("mmap pages=1");
	struct refusal_reason reason = {0};

	cr_assert(not(apply_request(&state, &request, &reason)));
	cr_expect(eq(u64, reason.comparison.value, 65531));
	cr_expect(eq(u64, reason.comparison.limit, 65530));
	cr_expect(eq(str, reason.comparison.text, "map count 65531 > vm.max_map_count 65530"));
	state.map_count = 65530;
	request = request_of("hole pages=1");
	cr_assert(not(apply_request(&state, &request, &reason)));
	cr_expect(eq(str, reason.comparison.text, "map count 65530 >= vm.max_map_count 65530"));
	state = with_maps(KERNEL(7, 2), 65527);
	request = request_of("mremap");
	cr_assert(not(apply_request(&state, &request, &reason)));
	cr_expect(eq(str, reason.comparison.text, "map count 65527 + 4 > vm.max_map_count 65530"));
}

Test(address_space, largest_hole)
{
	struct model_state state = free_state();

	state.largest_gap_pages = 5000;
	expect(state, "mmap pages=5000", "-");
	expect(state, "mmap pages=5001", "address-space");
	expect(state, "mmap pages=5001 placement=chosen", "-");
	cr_expect(eq(int, refused_errno(state, "mmap pages=5001"), ENOMEM));
}

Test(rlimit, as_in_pages)
{
	struct model_state state = free_state();

	state.as.soft = 1010 * 4096 + 4095; /* cut to pages */
	expect(state, "mmap pages=10", "-");
	expect(state, "mmap pages=11", "rlimit-as");
	expect(state, "brk pages=10", "-");
	expect(state, "brk pages=11", "rlimit-as");
	expect(state, "mremap pages=10", "-");
	expect(state, "mremap pages=11", "rlimit-as");
	expect(state, "mprotect pages=11 from=none to=write", "-");
	expect(state, "mlock pages=11", "-");
	expect(state, "fork", "-");
	expect(state, "mremap old=10 dontunmap=yes", "-");
	expect(state, "mremap old=11 dontunmap=yes", "rlimit-as");
	cr_expect(eq(int, refused_errno(state, "mmap pages=11"), ENOMEM));
	state.page_bytes = 65536;
	expect(state, "mmap pages=1", "rlimit-as");
}

Test(rlimit, data_in_pages)
{
	struct model_state state = free_state();

	state.data.soft = 510 * 4096 + 1;
	expect(state, "mmap pages=10 protection=write", "-");
	expect(state, "mmap pages=11 protection=write", "rlimit-data");
	expect(state, "mmap pages=11 protection=write backing=file", "rlimit-data");
	expect(state, "mmap pages=11 protection=write sharing=shared", "-");
	expect(state, "mmap pages=11 protection=read", "-");
	expect(state, "mprotect pages=10 from=read to=write", "-");
	expect(state, "mprotect pages=11 from=read to=write", "rlimit-data");
	expect(state, "mprotect pages=11 from=write to=write", "-");
	expect(state, "mprotect pages=11 from=write to=read", "-");
	expect(state, "mprotect pages=11 from=none to=write sharing=shared", "-");
	state.as.soft = 1010 * 4096;
	expect(state, "mprotect pages=11 from=read to=write", "-"); /* the quirk: above RLIMIT_AS it is not seen */
}

Test(rlimit, data_of_0_lets_the_hard_one_count)
{
	struct model_state state = free_state();

	state.data = (struct limit){0, UNLIMITED};
	expect(state, "mmap pages=100 protection=write", "-");
	state.data.hard = 510 * 4096;
	expect(state, "mmap pages=10 protection=write", "-");
	expect(state, "mmap pages=11 protection=write", "rlimit-data");
	expect(state, "brk pages=1", "rlimit-data-brk");
}

Test(rlimit, data_of_brk_in_bytes)
{
	struct model_state state = free_state();

	state.data_pages = 0;
	state.brk_bytes = 100;
	state.data.soft = 4196;
	expect(state, "brk pages=1", "-");
	state.data.soft = 4195;
	expect(state, "brk pages=1", "rlimit-data-brk");
}

Test(rlimit, memlock)
{
	struct model_state state = free_state();

	state.locked_pages = 6;
	state.memlock.soft = 16 * 4096 + 4095;
	expect(state, "mmap pages=10 locked=yes", "-");
	expect(state, "mmap pages=11 locked=yes", "rlimit-memlock");
	expect(state, "mmap pages=11", "-");
	cr_expect(eq(int, refused_errno(state, "mmap pages=11 locked=yes"), EAGAIN));
	expect(state, "mremap pages=11 locked=yes", "rlimit-memlock");
	cr_expect(eq(int, refused_errno(state, "mremap pages=11 locked=yes"), EAGAIN));
	expect(state, "mlock pages=10 locked=yes", "-");
	expect(state, "mlock pages=11 locked=yes", "rlimit-memlock");
	cr_expect(eq(int, refused_errno(state, "mlock pages=11 locked=yes"), ENOMEM));
	state.memlock.soft = 0;
	expect(state, "mlock pages=1 locked=yes", "rlimit-memlock-none");
	cr_expect(eq(int, refused_errno(state, "mlock pages=1 locked=yes"), EPERM));
	cr_expect(eq(int, refused_errno(state, "mmap pages=1 locked=yes"), EPERM));
	state.cap_ipc_lock = true;
	expect(state, "mmap pages=11 locked=yes", "-");
	expect(state, "mlock pages=11 locked=yes", "-");
}

Test(processes, of_the_user)
{
	struct model_state state = free_state();

	state.user_processes = 2;
	state.nproc.soft = 3;
	expect(state, "fork", "-");
	state.nproc.soft = 2;
	expect(state, "fork", "rlimit-nproc");
	cr_expect(eq(int, refused_errno(state, "fork"), EAGAIN));
	expect(state, "mmap pages=1", "-");
	state.exempt_from_nproc = true;
	expect(state, "fork", "-");
	state.exempt_from_nproc = false;
	state.user_processes = UNKNOWN;
	expect(state, "fork", "-");
}

/* The cgroup is asked when the address space has been copied, the user's limit before (kernel/fork.c). */
Test(processes, of_the_cgroup_and_their_order)
{
	struct model_state state = free_state();

	state.group_processes = 1;
	state.group_pids_max = 2;
	expect(state, "fork", "-");
	state.group_pids_max = 1;
	expect(state, "fork", "cgroup-pids");
	cr_expect(eq(int, refused_errno(state, "fork"), EAGAIN));
	state.commit.mode = 0;
	state.largest_accounted_pages = state.commit.total_pages + 1;
	expect(state, "fork", "commit-heuristic-fork");
	state.user_processes = 5;
	state.nproc.soft = 5;
	expect(state, "fork", "rlimit-nproc");
}
