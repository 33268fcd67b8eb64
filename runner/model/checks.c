/* The checks, and for each call which of them it makes, in the kernel's order. */
#include <stddef.h>
#include <errno.h>
#include <string.h>

#include "model/conditions.h"

#define ALWAYS .since = KERNEL_OLDEST, .until = KERNEL_ANY_LATER
#define MAX_MAP_COUNT "vm.max_map_count"

/*
 * mmap_region() unmaps the overlap before the commit charge; from 6.12 on it only gathers what overlaps
 * (vms_gather_munmap_vmas()) and puts it back when refused (vms_abort_munmap_vmas()).
 */
#define OVERLAP_KEPT_SINCE KERNEL(6, 12)

#define FIX_MAP_COUNT "raise vm.max_map_count, or map fewer and larger areas"
#define FIX_SPLIT                                                                                                      \
	"raise vm.max_map_count, or change larger ranges at once (guard pages: MADV_GUARD_INSTALL, from 6.13, splits " \
	"nothing)"
#define FIX_MEMLOCK "raise ulimit -l (RLIMIT_MEMLOCK), or lock less"
#define FIX_AS "raise or remove ulimit -v; to bound memory in use, set memory.max of a cgroup instead"
#define FIX_DATA "raise or remove ulimit -d; since 4.7 it counts private writable mappings too"
#define FIX_HEURISTIC "map it in parts or with MAP_NORESERVE, add swap, or set vm.overcommit_memory=1"
#define FIX_LIMIT "raise vm.overcommit_ratio (or overcommit_kbytes), add swap, or commit less"
#define FIX_FORK "start programs with posix_spawn or vfork instead of fork, or mark large areas MADV_DONTFORK"

/* A table: one glance shows what differs. */
// clang-format off
static const struct check map_count = {
	.name = "map-count", .knob = MAX_MAP_COUNT, ALWAYS, .error = ENOMEM, .refuses = map_count_above,
	.rule = "mmap is refused when the map count is already above vm.max_map_count, before it looks for a place or a merge",
	.places = {{KERNEL_OLDEST, "do_mmap", "mm/mmap.c"}},
	.fix = FIX_MAP_COUNT,
};
static const struct check map_count_brk = {
	.name = "map-count-brk", .knob = MAX_MAP_COUNT, ALWAYS, .error = ENOMEM, .refuses = map_count_above,
	.rule = "brk is refused when the map count is above vm.max_map_count, even where the heap would only grow",
	.places = {{KERNEL_OLDEST, "do_brk_flags", "mm/mmap.c"}, {KERNEL(6, 14), "do_brk_flags", "mm/vma.c"}},
	.fix = FIX_MAP_COUNT,
};
static const struct check map_count_split = {
	.name = "map-count-split", .knob = MAX_MAP_COUNT, ALWAYS, .error = ENOMEM, .refuses = map_count_reached,
	.rule = "each split of a VMA is refused when the map count has reached vm.max_map_count; splits made before stay",
	.places = {{KERNEL_OLDEST, "split_vma", "mm/mmap.c"}, {KERNEL(6, 12), "split_vma", "mm/vma.c"}},
	.fix = FIX_SPLIT,
};
static const struct check map_count_madvise_old = {
	.name = "map-count-split", .knob = MAX_MAP_COUNT, .since = KERNEL_OLDEST, .until = KERNEL(6, 1), .error = ENOMEM,
	.refuses = map_count_reached,
	.rule = "each split of a VMA is refused when the map count has reached vm.max_map_count",
	.places = {{KERNEL_OLDEST, "madvise_behavior", "mm/madvise.c"}},
	.fix = FIX_SPLIT,
};
static const struct check map_count_madvise = {
	.name = "map-count-split", .knob = MAX_MAP_COUNT, .since = KERNEL(6, 1), .until = KERNEL_ANY_LATER, .error = EAGAIN,
	.refuses = map_count_reached,
	.rule = "each split of a VMA is refused when the map count has reached vm.max_map_count; madvise shows it as EAGAIN",
	.places = {{KERNEL(6, 1), "madvise_vma_behavior", "mm/madvise.c"}},
	.fix = FIX_SPLIT,
};
static const struct check map_count_hole = {
	.name = "map-count-hole", .knob = MAX_MAP_COUNT, ALWAYS, .error = ENOMEM, .refuses = map_count_reached,
	.rule = "munmap of the inside of one VMA is refused when the map count has reached vm.max_map_count",
	.places = {{KERNEL_OLDEST, "__do_munmap", "mm/mmap.c"},
	           {KERNEL(6, 1), "do_mas_align_munmap", "mm/mmap.c"},
	           {KERNEL(6, 3), "do_vmi_align_munmap", "mm/mmap.c"},
	           {KERNEL(6, 12), "vms_gather_munmap_vmas", "mm/vma.c"}},
	.fix = FIX_MAP_COUNT,
};
static const struct check map_count_mremap = {
	.name = "map-count-mremap", .knob = MAX_MAP_COUNT, .since = KERNEL(7, 1), .until = KERNEL_ANY_LATER, .error = ENOMEM,
	.refuses = mremap_count_any,
	.rule = "every mremap is refused when the map count + 4 (from 7.2 on 5 with MREMAP_DONTUNMAP) is above vm.max_map_count",
	.places = {{KERNEL(7, 1), "do_mremap", "mm/mremap.c"}},
	.fix = FIX_MAP_COUNT,
};
static const struct check map_count_mremap_fixed = {
	.name = "map-count-mremap-fixed", .knob = MAX_MAP_COUNT, .since = KERNEL_OLDEST, .until = KERNEL(7, 1), .error = ENOMEM,
	.refuses = mremap_count_fixed,
	.rule = "mremap with MREMAP_FIXED or DONTUNMAP is refused when the map count + 2 reaches vm.max_map_count - 3",
	.places = {{KERNEL_OLDEST, "mremap_to", "mm/mremap.c"}, {KERNEL(6, 18), "check_mremap_params", "mm/mremap.c"}},
	.fix = FIX_MAP_COUNT,
};
static const struct check map_count_mremap_move = {
	.name = "map-count-mremap-move", .knob = MAX_MAP_COUNT, .since = KERNEL_OLDEST, .until = KERNEL(7, 1), .error = ENOMEM,
	.refuses = mremap_count_move,
	.rule = "mremap that must move is refused when the map count reaches vm.max_map_count - 3",
	.places = {{KERNEL_OLDEST, "move_vma", "mm/mremap.c"}, {KERNEL(6, 18), "prep_move_vma", "mm/mremap.c"}},
	.fix = FIX_MAP_COUNT,
};
static const struct check address_space = {
	.name = "address-space", .knob = "", ALWAYS, .error = ENOMEM, .refuses = address_space_full,
	.rule = "mmap is refused when no hole of the address space is large enough",
	.places = {{KERNEL_OLDEST, "get_unmapped_area", "mm/mmap.c"}, {KERNEL(6, 12), "__get_unmapped_area", "mm/mmap.c"}},
	.fix = "map less at once: the address space has no larger hole, whatever memory there is",
};
static const struct check rlimit_as = {
	.name = "rlimit-as", .knob = "rlimit.as", ALWAYS, .error = ENOMEM, .refuses = as_exceeded,
	.rule = "refused when the pages already mapped and the new ones together exceed RLIMIT_AS (ulimit -v)",
	.places = {{KERNEL_OLDEST, "may_expand_vm", "mm/mmap.c"}},
	.fix = FIX_AS,
};
static const struct check rlimit_data = {
	.name = "rlimit-data", .knob = "rlimit.data", ALWAYS, .error = ENOMEM, .refuses = data_exceeded,
	.rule = "refused when the private writable pages and the new ones together exceed RLIMIT_DATA (ulimit -d)",
	.places = {{KERNEL_OLDEST, "may_expand_vm", "mm/mmap.c"}},
	.fix = FIX_DATA,
};
static const struct check rlimit_data_mprotect = {
	.name = "rlimit-data", .knob = "rlimit.data", ALWAYS, .error = ENOMEM, .refuses = data_exceeded_by_mprotect,
	.rule = "making private pages writable is refused when they and the present ones exceed RLIMIT_DATA (ulimit -d)",
	.places = {{KERNEL_OLDEST, "mprotect_fixup", "mm/mprotect.c"}},
	.fix = FIX_DATA,
};
static const struct check rlimit_data_brk = {
	.name = "rlimit-data-brk", .knob = "rlimit.data", ALWAYS, .error = ENOMEM, .refuses = data_bytes_exceeded,
	.rule = "brk is refused when heap and program data together exceed RLIMIT_DATA in bytes",
	.places = {{KERNEL_OLDEST, "__do_sys_brk", "mm/mmap.c"}},
	.fix = FIX_DATA,
};
static const struct check memlock_none = {
	.name = "rlimit-memlock-none", .knob = "rlimit.memlock", ALWAYS, .error = EPERM, .refuses = memlock_forbidden,
	.rule = "locking is refused outright when RLIMIT_MEMLOCK is 0 and there is no CAP_IPC_LOCK",
	.places = {{KERNEL_OLDEST, "can_do_mlock", "mm/mlock.c"}},
	.fix = FIX_MEMLOCK,
};
static const struct check memlock_mmap = {
	.name = "rlimit-memlock", .knob = "rlimit.memlock", ALWAYS, .error = EAGAIN, .refuses = memlock_exceeded,
	.rule = "locked mappings are refused with EAGAIN when the locked pages and the new ones exceed RLIMIT_MEMLOCK",
	.places = {{KERNEL_OLDEST, "mlock_future_check", "mm/mmap.c"}, {KERNEL(6, 12), "mlock_future_ok", "mm/mmap.c"}},
	.fix = FIX_MEMLOCK,
};
static const struct check memlock_brk = {
	.name = "rlimit-memlock", .knob = "rlimit.memlock", ALWAYS, .error = ENOMEM, .refuses = memlock_exceeded,
	.rule = "under mlockall, brk is refused when the locked pages and the new ones exceed RLIMIT_MEMLOCK",
	.places = {{KERNEL_OLDEST, "mlock_future_check", "mm/mmap.c"}, {KERNEL(6, 12), "mlock_future_ok", "mm/mmap.c"}},
	.fix = FIX_MEMLOCK,
};
static const struct check memlock_mlock = {
	.name = "rlimit-memlock", .knob = "rlimit.memlock", ALWAYS, .error = ENOMEM, .refuses = memlock_exceeded,
	.rule = "mlock is refused when the locked pages and the new ones exceed RLIMIT_MEMLOCK",
	.places = {{KERNEL_OLDEST, "do_mlock", "mm/mlock.c"}},
	.fix = FIX_MEMLOCK,
};
static const struct check commit_heuristic = {
	.name = "commit-heuristic", .knob = "vm.overcommit_memory", ALWAYS, .error = ENOMEM, .refuses = commit_heuristic_refuses,
	.rule = "in mode 0 a request is refused when it alone is larger than RAM and swap together",
	.unmaps_until = OVERLAP_KEPT_SINCE,
	.places = {{KERNEL_OLDEST, "__vm_enough_memory", "mm/util.c"}},
	.fix = FIX_HEURISTIC,
};
static const struct check commit_heuristic_resize = {
	.name = "commit-heuristic", .knob = "vm.overcommit_memory", .since = KERNEL_OLDEST, .until = KERNEL(6, 1), .error = ENOMEM, .refuses = commit_heuristic_refuses,
	.rule = "in mode 0 a request is refused when it alone is larger than RAM and swap together",
	.places = {{KERNEL_OLDEST, "__vm_enough_memory", "mm/util.c"}},
	.fix = FIX_HEURISTIC,
};
static const struct check commit_heuristic_move = {
	.name = "commit-heuristic", .knob = "vm.overcommit_memory", .since = KERNEL(6, 1), .until = KERNEL_ANY_LATER, .error = ENOMEM, .refuses = commit_heuristic_refuses,
	.rule = "in mode 0 a request is refused when it alone is larger than RAM and swap together",
	.places = {{KERNEL(6, 1), "__vm_enough_memory", "mm/util.c"}},
	.fix = FIX_HEURISTIC,
};
static const struct check commit_limit = {
	.name = "commit-limit", .knob = "vm.overcommit_ratio", ALWAYS, .error = ENOMEM, .refuses = commit_limit_refuses,
	.rule = "in mode 2 a request is refused when the commit charge of the machine would reach CommitLimit less the reserves",
	.unmaps_until = OVERLAP_KEPT_SINCE,
	.places = {{KERNEL_OLDEST, "__vm_enough_memory", "mm/util.c"}},
	.fix = FIX_LIMIT,
};
static const struct check commit_limit_resize = {
	.name = "commit-limit", .knob = "vm.overcommit_ratio", .since = KERNEL_OLDEST, .until = KERNEL(6, 1), .error = ENOMEM, .refuses = commit_limit_refuses,
	.rule = "in mode 2 a request is refused when the commit charge of the machine would reach CommitLimit less the reserves",
	.places = {{KERNEL_OLDEST, "__vm_enough_memory", "mm/util.c"}},
	.fix = FIX_LIMIT,
};
static const struct check commit_limit_move = {
	.name = "commit-limit", .knob = "vm.overcommit_ratio", .since = KERNEL(6, 1), .until = KERNEL_ANY_LATER, .error = ENOMEM, .refuses = commit_limit_refuses,
	.rule = "in mode 2 a request is refused when the commit charge of the machine would reach CommitLimit less the reserves",
	.places = {{KERNEL(6, 1), "__vm_enough_memory", "mm/util.c"}},
	.fix = FIX_LIMIT,
};
#define DUP_MMAP {{KERNEL_OLDEST, "dup_mmap", "kernel/fork.c"}, {KERNEL(6, 16), "dup_mmap", "mm/mmap.c"}}
static const struct check fork_heuristic = {
	.name = "commit-heuristic-fork", .knob = "vm.overcommit_memory", ALWAYS, .error = ENOMEM, .refuses = fork_heuristic_refuses,
	.rule = "in mode 0 fork is refused when one writable private VMA of the parent is larger than RAM and swap together",
	.places = DUP_MMAP,
	.fix = FIX_FORK,
};
static const struct check fork_limit = {
	.name = "commit-limit-fork", .knob = "vm.overcommit_ratio", ALWAYS, .error = ENOMEM, .refuses = fork_limit_refuses,
	.rule = "in mode 2 fork is refused when the parent's whole charge, once more, would reach CommitLimit less the reserves",
	.places = DUP_MMAP,
	.fix = FIX_FORK,
};
static const struct check rlimit_nproc = {
	.name = "rlimit-nproc", .knob = "rlimit.nproc", ALWAYS, .error = EAGAIN, .refuses = nproc_exceeded,
	.rule = "fork is refused with EAGAIN when the user's processes and one more exceed RLIMIT_NPROC (ulimit -u)",
	.places = {{KERNEL_OLDEST, "copy_process", "kernel/fork.c"}},
	.fix = "raise ulimit -u (RLIMIT_NPROC), or let the user run fewer processes",
};
static const struct check cgroup_pids = {
	.name = "cgroup-pids", .knob = "cgroup.pids.max", ALWAYS, .error = EAGAIN, .refuses = group_pids_exceeded,
	.rule = "fork is refused with EAGAIN when the cgroup's processes and one more exceed pids.max",
	.places = {{KERNEL_OLDEST, "pids_can_fork", "kernel/cgroup/pids.c"}},
	.fix = "raise pids.max of the cgroup (TasksMax= of systemd, --pids-limit of containers)",
};

// clang-format on

#define LIST static const struct check *const
LIST mmap_checks[] = {&map_count,   &address_space,    &memlock_none, &memlock_mmap, &rlimit_as,
		      &rlimit_data, &commit_heuristic, &commit_limit, NULL};
LIST mprotect_checks[] = {&rlimit_data_mprotect, &commit_heuristic, &commit_limit, NULL};
LIST hole_checks[] = {&map_count_hole, NULL};
LIST mlock_checks[] = {&memlock_none, &memlock_mlock, NULL};
LIST brk_checks[] = {&rlimit_data_brk, &memlock_brk,      &rlimit_as,    &rlimit_data,
		     &map_count_brk,   &commit_heuristic, &commit_limit, NULL};
/* The growth is charged before a move is looked at (vma_to_resize()), from 6.1 on after (move_vma()). */
LIST mremap_checks[] = {&map_count_mremap,
			&map_count_mremap_fixed,
			&memlock_mmap,
			&rlimit_as,
			&rlimit_data,
			&commit_heuristic_resize,
			&commit_limit_resize,
			&map_count_mremap_move,
			&commit_heuristic_move,
			&commit_limit_move,
			NULL};
LIST fork_checks[] = {&rlimit_nproc, &fork_heuristic, &fork_limit, &cgroup_pids, NULL};
LIST no_checks[] = {NULL};
LIST split_checks[] = {&map_count_split, NULL};
LIST madvise_split_checks[] = {&map_count_madvise_old, &map_count_madvise, NULL};

static const struct {
	const struct check *const *before;
	const struct check *const *split;
} calls[REQUEST_CALLS] = {
	[REQUEST_MMAP] = {mmap_checks, NULL},           [REQUEST_MPROTECT] = {mprotect_checks, split_checks},
	[REQUEST_MUNMAP_HOLE] = {hole_checks, NULL},    [REQUEST_MADVISE] = {no_checks, madvise_split_checks},
	[REQUEST_MLOCK] = {mlock_checks, split_checks}, [REQUEST_BRK] = {brk_checks, NULL},
	[REQUEST_MREMAP] = {mremap_checks, NULL},       [REQUEST_FORK] = {fork_checks, NULL},
	[REQUEST_MUNMAP] = {no_checks, NULL},
};

const struct check *const *checks_of(enum request_call call)
{
	return calls[call].before;
}

const struct check *const *split_checks_of(enum request_call call)
{
	return calls[call].split;
}

bool check_holds(const struct check *check, kernel_version version)
{
	/* A kernel older than the oldest one read is taken for that one. */
	if (version < KERNEL_OLDEST)
		version = KERNEL_OLDEST;
	return version >= check->since && version < check->until;
}

const struct place *check_place(const struct check *check, kernel_version version)
{
	const struct place *place = &check->places[0];

	for (int i = 1; i < CHECK_PLACES_MOST && check->places[i].function; i++) {
		if (version >= check->places[i].since)
			place = &check->places[i];
	}
	return place;
}

static const struct check *find_in(const struct check *const *list, const char *name)
{
	for (; list && *list; list++) {
		if (strcmp((*list)->name, name) == 0)
			return *list;
	}
	return NULL;
}

const struct check *check_find(const char *name)
{
	for (unsigned call = 0; call < REQUEST_CALLS; call++) {
		const struct check *check = find_in(calls[call].before, name);

		if (!check)
			check = find_in(calls[call].split, name);
		if (check)
			return check;
	}
	return NULL;
}
