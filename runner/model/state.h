/*
 * The state that the kernel's checks compare: one process, its limits, and the machine's commit
 * accounting. Everything is in pages; a state is a value and can be copied freely.
 */
#ifndef ENOMEM_MODEL_STATE_H
#define ENOMEM_MODEL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/version.h"
#include "snapshot/host.h"
#include "snapshot/snapshot.h"

struct commit_state {
	uint64_t mode;            /* vm.overcommit_memory */
	uint64_t limit_pages;     /* vm_commit_limit() = CommitLimit */
	uint64_t committed_pages; /* Committed_AS: the exact sum of the per-CPU counter */
	uint64_t total_pages;     /* totalram_pages() + total_swap_pages */
	uint64_t ram_pages;
	uint64_t admin_reserve_pages;
	uint64_t user_reserve_pages;
	uint64_t batch_pages;     /* vm_committed_as_batch (mm/mm_init.c mm_compute_batch()) */
	uint64_t cpus;
	bool cap_sys_admin;       /* in the initial user namespace */
	/*
	 * What percpu_counter_read_positive() may show above (+) or below (-) the exact sum: residues
	 * not yet folded into the global count. 0 is the exact sum.
	 */
	int64_t bias_pages;
};

struct model_state {
	kernel_version version;
	uint64_t page_bytes;

	uint64_t map_count;
	uint64_t total_pages;     /* mm->total_vm */
	uint64_t data_pages;      /* mm->data_vm */
	uint64_t locked_pages;    /* mm->locked_vm */
	uint64_t brk_bytes;       /* (brk - start_brk) + (end_data - start_data) */
	uint64_t accounted_pages; /* of VMAs that fork charges */
	uint64_t largest_accounted_pages;
	uint64_t largest_gap_pages;

	uint64_t max_map_count;
	struct limit as, data, memlock; /* bytes, as set */
	bool cap_ipc_lock;              /* in the initial user namespace */

	struct commit_state commit;
};

/*
 * The state that a snapshot shows. `initial_userns` says whether its capabilities count in the
 * initial user namespace. What the snapshot does not know is taken as never limiting.
 */
struct model_state state_from_snapshot(const struct snapshot *snapshot, const struct host_facts *host,
                                       bool initial_userns);

/* The same state with nothing that could refuse: shows what a request changes. */
struct model_state state_without_limits(const struct model_state *state);

/* mm_compute_batch(): pages, for a machine of this size in this mode. All versions since 5.9. */
uint64_t commit_batch_pages(uint64_t mode, uint64_t ram_pages, uint64_t cpus);

#endif
