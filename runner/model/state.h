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
	uint64_t batch_pages; /* vm_committed_as_batch (mm/mm_init.c mm_compute_batch()) */
	uint64_t cpus;
	bool cap_sys_admin; /* in the initial user namespace */
	/*
	 * With `synchronised`, every CPU's residue is known: 0 on the others, this one's below. The
	 * scenario is bound to one CPU, so its charges are followed exactly.
	 */
	bool synchronised;
	int64_t residue_pages;
	/*
	 * What percpu_counter_read_positive() may show above (+) or below (-) the exact sum: residues
	 * not yet folded into the global count. 0 is the exact sum.
	 */
	int64_t bias_pages;
};

/* VMAs that fork charges, in order of address; `count` neighbours of the same size in one entry. */
struct accounted_run {
	uint64_t pages, count;
};

#define ACCOUNTED_RUNS_MOST (AREAS_ACCOUNTED_MOST + 4)

struct model_state {
	kernel_version version;
	uint64_t page_bytes;

	uint64_t map_count;
	uint64_t total_pages;  /* mm->total_vm */
	uint64_t data_pages;   /* mm->data_vm */
	uint64_t locked_pages; /* mm->locked_vm */
	uint64_t brk_bytes;    /* (brk - start_brk) + (end_data - start_data); no snapshot has it yet, so 0 at first */
	uint64_t accounted_pages; /* of VMAs that fork charges */
	uint64_t largest_accounted_pages;
	uint64_t largest_gap_pages;
	struct accounted_run accounted[ACCOUNTED_RUNS_MOST];
	unsigned accounted_count; /* 0: not known one by one */
	unsigned gap_index;       /* new areas come before this entry: they go into the largest hole */

	uint64_t max_map_count;
	struct limit as, data, memlock; /* bytes, as set */
	struct limit nproc;             /* processes */
	uint64_t user_processes;        /* that it counts; UNKNOWN: it is never looked at */
	bool exempt_from_nproc;         /* CAP_SYS_RESOURCE or CAP_SYS_ADMIN in the initial user namespace */
	uint64_t group_processes;       /* in the process's pids cgroup */
	uint64_t group_pids_max;        /* UNLIMITED: none */
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

/*
 * Charge pages to the machine (or give them back, negative), as percpu_counter_add_batch() does.
 * commit_counted() is what __vm_enough_memory() then compares: the global count, 0 when negative.
 */
void commit_charge(struct commit_state *commit, int64_t pages);
uint64_t commit_counted(const struct commit_state *commit);

/* mm_compute_batch(): pages, for a machine of this size in this mode. All versions since 5.9. */
uint64_t commit_batch_pages(uint64_t mode, uint64_t ram_pages, uint64_t cpus);

#endif
