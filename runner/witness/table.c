#include "witness/table.h"

#include <stddef.h>
#include <string.h>

#define OLD KERNEL_OLDEST
#define LATER KERNEL_ANY_LATER
#define ERRNO RETURNS_ERRNO, .asks = false
#define ADDRESS RETURNS_ADDRESS, .asks = false
#define ERRNO_ASKS RETURNS_ERRNO, .asks = true
#define ADDRESS_ASKS RETURNS_ADDRESS, .asks = true
#define NO RETURNS_FALSE, .asks = false
#define YES RETURNS_TRUE, .asks = false

#define OWN .how = NULL
#define SPLIT_IN_MODIFY                                                                         \
	.how = "split_vma, which only compares, is inlined in it; __split_vma, which does the " \
	       "work, returned no error"
#define AS_IN_REGION                                                                                          \
	.how = "the RLIMIT_AS half of may_expand_vm is inlined in it; neither the other half nor the commit " \
	       "accounting, its next steps, returned an error"

#define EXPAND "may_expand_vm"
#define EXPAND_PART "may_expand_vm.part.0" /* gcc's, in 5.10: the half that compares with RLIMIT_DATA */
#define ENOUGH "__vm_enough_memory"
#define COMMIT "commit-heuristic commit-limit"
#define SPLIT "map-count-split"

/* A table: one glance shows what differs. Rows of a call stand from what is asked first to what is asked last. */
// clang-format off
static const struct witness_site sites[] = {
	{"mmap", OLD, LATER, "do_mmap", ADDRESS_ASKS, .checks = "map-count", OWN},
	{"mmap", OLD, LATER, "do_mmap", ADDRESS_ASKS, .checks = "rlimit-memlock",
	 .how = "mlock_future_check (mlock_future_ok) is inlined in it, and it gives EAGAIN for nothing else"},
	{"mmap", OLD, KERNEL(6, 1), "do_mmap", ADDRESS_ASKS, .checks = "rlimit-memlock-none",
	 .how = "can_do_mlock, which it asks, is not traced; it gives EPERM for nothing else here"},
	{"mmap", KERNEL(6, 1), LATER, "can_do_mlock", NO, .checks = "rlimit-memlock-none", OWN},
	{"mmap", OLD, KERNEL(6, 12), "get_unmapped_area", ADDRESS, .checks = "address-space", OWN},
	{"mmap", KERNEL(6, 10), LATER, "__get_unmapped_area", ADDRESS, .checks = "address-space", OWN},
	{"mmap", OLD, KERNEL(6, 1), "mmap_region", ADDRESS_ASKS, .checks = "rlimit-as", AS_IN_REGION},
	{"mmap", KERNEL(6, 1), LATER, "mmap_region", ADDRESS_ASKS, .checks = "", OWN},
	{"mmap", OLD, KERNEL(6, 1), EXPAND_PART, NO, .checks = "rlimit-data", OWN},
	{"mmap", OLD, LATER, EXPAND, NO, .unless = EXPAND_PART, .checks = "rlimit-as rlimit-data", OWN},
	{"mmap", OLD, LATER, ENOUGH, ERRNO, .checks = COMMIT, OWN},

	{"mprotect", OLD, LATER, "split_vma", ERRNO, .checks = SPLIT, OWN},
	{"mprotect", KERNEL(6, 7), LATER, "vma_modify", ADDRESS, .checks = SPLIT, SPLIT_IN_MODIFY},
	{"mprotect", OLD, LATER, "__split_vma", ERRNO, .checks = "", OWN},
	{"mprotect", OLD, LATER, EXPAND, NO, .checks = "rlimit-data", OWN},
	{"mprotect", OLD, LATER, ENOUGH, ERRNO, .checks = COMMIT, OWN},
	{"mprotect", OLD, LATER, "mprotect_fixup", ERRNO_ASKS, .checks = "", OWN},

	{"munmap", OLD, KERNEL(6, 1), "__do_munmap", ERRNO, .checks = "map-count-hole", OWN},
	{"munmap", KERNEL(6, 1), KERNEL(6, 3), "do_mas_align_munmap", ERRNO, .checks = "map-count-hole", OWN},
	{"munmap", KERNEL(6, 3), KERNEL(6, 12), "do_vmi_align_munmap", ERRNO, .checks = "map-count-hole", OWN},
	{"munmap", KERNEL(6, 12), LATER, "vms_gather_munmap_vmas", ERRNO, .checks = "map-count-hole", OWN},
	{"munmap", OLD, LATER, "__split_vma", ERRNO, .checks = "", OWN},
	{"munmap", KERNEL(6, 12), LATER, "do_vmi_align_munmap", ERRNO, .checks = "", OWN},

	{"mlock", OLD, LATER, "do_mlock", ERRNO_ASKS, .checks = "rlimit-memlock", OWN},
	{"mlock", OLD, LATER, "do_mlock", ERRNO_ASKS, .checks = "rlimit-memlock-none",
	 .how = "can_do_mlock is inlined in it, and it gives EPERM for nothing else"},
	{"mlock", OLD, LATER, "can_do_mlock", NO, .checks = "rlimit-memlock-none", OWN},
	{"mlock", OLD, LATER, "split_vma", ERRNO, .checks = SPLIT, OWN},
	{"mlock", KERNEL(6, 7), LATER, "vma_modify", ADDRESS, .checks = SPLIT, SPLIT_IN_MODIFY},
	{"mlock", OLD, LATER, "__split_vma", ERRNO, .checks = "", OWN},

	{"madvise", OLD, KERNEL(6, 1), "do_madvise.part.0", ERRNO, .checks = SPLIT,
	 .how = "madvise_behavior, which compares before it splits, is inlined in it; __split_vma returned no error"},
	{"madvise", OLD, KERNEL(6, 7), "do_madvise", ERRNO, .checks = SPLIT,
	 .how = "what compares before a split is inlined in it; __split_vma returned no error"},
	{"madvise", KERNEL(6, 1), LATER, "madvise_vma_behavior", ERRNO, .checks = SPLIT,
	 .how = "what compares before a split is inlined in it; neither vma_modify nor __split_vma returned an error"},
	{"madvise", KERNEL(6, 7), LATER, "vma_modify", ADDRESS, .checks = SPLIT, SPLIT_IN_MODIFY},
	{"madvise", KERNEL(6, 7), LATER, "split_vma", ERRNO, .checks = SPLIT, OWN},
	{"madvise", OLD, LATER, "__split_vma", ERRNO, .checks = "", OWN},
	{"madvise", KERNEL(6, 7), LATER, "do_madvise", ERRNO, .checks = "", OWN},

	{"brk", OLD, LATER, NULL, ERRNO, .checks = "rlimit-data-brk",
	 .how = "brk compares first with RLIMIT_DATA and returns the old end: no function returns an error"},
	{"brk", OLD, LATER, "do_brk_flags", ERRNO_ASKS, .checks = "map-count-brk", OWN},
	{"brk", OLD, KERNEL(6, 1), "do_brk_flags", ERRNO_ASKS, .checks = "rlimit-memlock",
	 .how = "mlock_future_check is inlined in it, and it gives EAGAIN for nothing else"},
	{"brk", OLD, KERNEL(6, 1), "do_brk_flags", ERRNO_ASKS, .checks = "rlimit-as", AS_IN_REGION},
	{"brk", KERNEL(6, 1), LATER, "check_brk_limits", ERRNO_ASKS, .checks = "rlimit-memlock",
	 .how = "mlock_future_check (mlock_future_ok) is inlined in it, and it gives EAGAIN for nothing else"},
	{"brk", OLD, KERNEL(6, 1), EXPAND_PART, NO, .checks = "rlimit-data", OWN},
	{"brk", OLD, LATER, EXPAND, NO, .unless = EXPAND_PART, .checks = "rlimit-as rlimit-data", OWN},
	{"brk", OLD, LATER, ENOUGH, ERRNO, .checks = COMMIT, OWN},

	{"mremap", OLD, KERNEL(6, 16), "__x64_sys_mremap", ADDRESS_ASKS, .checks = "map-count-mremap-fixed",
	 .how = "mremap_to is inlined in what it calls; nothing that it asks later returned an error"},
	{"mremap", KERNEL(6, 16), LATER, "do_mremap", ADDRESS_ASKS, .checks = "map-count-mremap map-count-mremap-fixed",
	 .how = "what compares is inlined in it; nothing that it asks later returned an error"},
	{"mremap", OLD, LATER, "mremap_to", ADDRESS_ASKS, .checks = "map-count-mremap-fixed", OWN},
	{"mremap", KERNEL(6, 16), KERNEL(7, 1), "prep_move_vma", ERRNO, .checks = "map-count-mremap-move", OWN},
	{"mremap", OLD, LATER, "move_vma", ADDRESS_ASKS, .checks = "map-count-mremap-move", OWN},
	{"mremap", OLD, KERNEL(6, 16), "vma_to_resize", ADDRESS_ASKS, .checks = "rlimit-memlock",
	 .how = "mlock_future_check (mlock_future_ok) is inlined in it, and it gives EAGAIN for nothing else"},
	{"mremap", KERNEL(6, 16), LATER, "check_prep_vma", ERRNO_ASKS, .checks = "rlimit-memlock",
	 .how = "mlock_future_ok is inlined in it, and it gives EAGAIN for nothing else"},
	{"mremap", KERNEL(6, 1), KERNEL(6, 3), "mlock_future_check", ERRNO, .checks = "rlimit-memlock", OWN},
	{"mremap", KERNEL(6, 3), LATER, "mlock_future_ok", NO, .checks = "rlimit-memlock", OWN},
	{"mremap", OLD, LATER, EXPAND, NO, .checks = "rlimit-as rlimit-data", OWN},
	{"mremap", OLD, LATER, ENOUGH, ERRNO, .checks = COMMIT, OWN},

	{"fork", OLD, LATER, ENOUGH, ERRNO, .checks = "commit-heuristic-fork commit-limit-fork", OWN},
	{"fork", OLD, KERNEL(5, 14), "copy_process", ADDRESS_ASKS, .checks = "rlimit-nproc",
	 .how = "it compares with RLIMIT_NPROC itself; neither the copying of the mm nor cgroup or pid returned an error"},
	{"fork", KERNEL(5, 14), LATER, "copy_process", ADDRESS_ASKS, .checks = "", OWN},
	{"fork", KERNEL(5, 14), LATER, "is_rlimit_overlimit", YES, .checks = "rlimit-nproc", OWN},
	{"fork", OLD, LATER, "pids_can_fork", ERRNO, .checks = "cgroup-pids", OWN},
	{"fork", OLD, LATER, "alloc_pid", ADDRESS, .checks = "", OWN},
	{"fork", KERNEL(6, 1), LATER, "dup_mmap", ERRNO, .checks = "", OWN},
};
// clang-format on

/* A kernel older than the oldest one read is taken for that one. */
static bool holds(const struct witness_site *site, kernel_version version, const char *call)
{
	if (version < KERNEL_OLDEST)
		version = KERNEL_OLDEST;
	return version >= site->since && version < site->until && strcmp(site->call, call) == 0;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; length && (at = strstr(at, word)); at += length) {
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	}
	return false;
}

unsigned witness_sites(kernel_version version, const char *call, const struct witness_site **ret, unsigned most)
{
	unsigned count = 0;

	for (size_t i = 0; i < sizeof(sites) / sizeof(*sites) && count < most; i++) {
		if (holds(&sites[i], version, call))
			ret[count++] = &sites[i];
	}
	return count;
}

/* The first row of the function that `wanted` accepts, in the table's order. */
static const struct witness_site *find(kernel_version version, const char *call, const char *function)
{
	for (size_t i = 0; i < sizeof(sites) / sizeof(*sites); i++) {
		if (holds(&sites[i], version, call) && sites[i].function && strcmp(sites[i].function, function) == 0)
			return &sites[i];
	}
	return NULL;
}

const struct witness_site *witness_site_of(kernel_version version, const char *call, const char *function,
					   const char *check)
{
	for (size_t i = 0; i < sizeof(sites) / sizeof(*sites); i++) {
		const char *name = sites[i].function;

		if (holds(&sites[i], version, call) && has_word(sites[i].checks, check) &&
		    (function ? name && strcmp(name, function) == 0 : !name))
			return &sites[i];
	}
	return NULL;
}

bool witness_site_asks(kernel_version version, const char *call, const char *function)
{
	const struct witness_site *site = find(version, call, function);

	return site && site->asks;
}

const char *witness_checks_of(kernel_version version, const char *call, const char *function)
{
	const struct witness_site *site = find(version, call, function);

	return site ? site->checks : "";
}
