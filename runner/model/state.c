#include "model/state.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <unistd.h>

static bool has_capability(uint64_t mask, unsigned capability)
{
	return mask >> capability & 1;
}

static uint64_t pages_of_kib(uint64_t kib, uint64_t page_bytes)
{
	return kib >= UNKNOWN ? kib : kib * 1024 / page_bytes;
}

static uint64_t known_or(uint64_t value, uint64_t otherwise)
{
	return value == UNKNOWN ? otherwise : value;
}

uint64_t commit_batch_pages(uint64_t mode, uint64_t ram_pages, uint64_t cpus)
{
	uint64_t floor = cpus * 2 > 32 ? cpus * 2 : 32;
	uint64_t by_size = cpus ? ram_pages / cpus / (mode == 2 ? 256 : 4) : 0;

	if (by_size > INT32_MAX)
		by_size = INT32_MAX;
	return by_size > floor ? by_size : floor;
}

void commit_charge(struct commit_state *commit, int64_t pages)
{
	commit->committed_pages += (uint64_t)pages;
	if (!commit->synchronised)
		return;
	commit->residue_pages += pages;
	if (llabs(commit->residue_pages) >= (int64_t)commit->batch_pages)
		commit->residue_pages = 0;
}

uint64_t commit_counted(const struct commit_state *commit)
{
	int64_t counted = (int64_t)commit->committed_pages - commit->residue_pages + commit->bias_pages;

	return counted < 0 ? 0 : (uint64_t)counted;
}

static struct commit_state commit_from(const struct machine_snapshot *machine, const struct host_facts *host,
				       uint64_t page)
{
	struct commit_state commit = {
		.mode = known_or(machine->overcommit_memory, 0),
		.ram_pages = pages_of_kib(machine->mem_total_kib, page),
		.limit_pages = pages_of_kib(known_or(machine->commit_limit_kib, UNLIMITED), page),
		.committed_pages = pages_of_kib(known_or(machine->committed_as_kib, 0), page),
		.admin_reserve_pages = pages_of_kib(known_or(machine->admin_reserve_kbytes, 0), page),
		.user_reserve_pages = pages_of_kib(known_or(machine->user_reserve_kbytes, 0), page),
		.cpus = known_or(host->cpus_present, 1),
	};

	if (commit.cpus == 0)
		commit.cpus = 1;
	commit.total_pages = UNLIMITED;
	if (machine->mem_total_kib < UNKNOWN)
		commit.total_pages = commit.ram_pages + pages_of_kib(known_or(machine->swap_total_kib, 0), page);
	else
		commit.ram_pages = 0;
	commit.batch_pages = commit_batch_pages(commit.mode, commit.ram_pages, commit.cpus);
	return commit;
}

static void list_accounted(const struct areas *areas, struct model_state *state)
{
	if (areas->accounted_count > AREAS_ACCOUNTED_MOST)
		return;
	for (unsigned i = 0; i < areas->accounted_count; i++)
		state->accounted[i] = (struct accounted_run){areas->accounted[i], 1};
	state->accounted_count = areas->accounted_count;
	state->gap_index = areas->below_gap_count;
}

struct model_state state_from_snapshot(const struct snapshot *snapshot, const struct host_facts *host,
				       bool initial_userns)
{
	const struct process_snapshot *process = &snapshot->process;
	/* A captured host does not tell its page size; the reader of the capture must. */
	uint64_t page = host->page_bytes ? host->page_bytes : (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t capabilities = initial_userns ? known_or(process->cap_effective, 0) : 0;
	struct model_state state = {
		.version = kernel_version_parse(host->kernel),
		.page_bytes = page,
		.map_count = process->map_count,
		.total_pages = pages_of_kib(process->vm_size_kib, page),
		.data_pages = pages_of_kib(process->vm_data_kib, page),
		.locked_pages = pages_of_kib(process->vm_locked_kib, page),
		.largest_gap_pages = UNLIMITED,
		.max_map_count = known_or(snapshot->machine.max_map_count, UNLIMITED),
		.as = process->limits[LIMIT_AS],
		.data = process->limits[LIMIT_DATA],
		.memlock = process->limits[LIMIT_MEMLOCK],
		.nproc = process->limits[LIMIT_NPROC],
		.user_processes = process->user_processes,
		.exempt_from_nproc =
			has_capability(capabilities, CAP_SYS_RESOURCE) || has_capability(capabilities, CAP_SYS_ADMIN),
		.group_pids_max = UNLIMITED,
		.cap_ipc_lock = has_capability(capabilities, CAP_IPC_LOCK),
		.commit = commit_from(&snapshot->machine, host, page),
	};

	if (process->areas.known) {
		list_accounted(&process->areas, &state);
		state.accounted_pages = process->areas.accounted_pages;
		state.largest_accounted_pages = process->areas.largest_accounted_pages;
		state.largest_gap_pages = process->areas.largest_gap_pages;
	}
	state.commit.cap_sys_admin = has_capability(capabilities, CAP_SYS_ADMIN);
	return state;
}

struct model_state state_without_limits(const struct model_state *state)
{
	struct model_state free = *state;
	struct limit unlimited = {UNLIMITED, UNLIMITED};

	free.max_map_count = UNLIMITED;
	free.as = free.data = free.memlock = free.nproc = unlimited;
	free.group_pids_max = UNLIMITED;
	free.largest_gap_pages = UNLIMITED;
	free.commit.limit_pages = free.commit.total_pages = UNLIMITED;
	return free;
}
