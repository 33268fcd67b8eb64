#include "plan/knob.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/suggest.h"

#define INT_MOST INT32_MAX
/* Numbers that JSON can hold; no machine has more. */
#define LONG_MOST INT64_MAX

#define MACHINE .scope = SCOPE_MACHINE, .environments = IN_HOST
#define LIMIT .scope = SCOPE_PROCESS, .kind = KNOB_LIMIT, .environments = IN_NS | IN_HOST, .most = LONG_MOST
#define CGROUP .scope = SCOPE_CGROUP, .environments = IN_HOST, .put_back = "the cell's own cgroup is removed"
#define WRITTEN "the old value is written"
#define GONE "gone with the process"

/* A table: one glance shows what differs. Ranges: kernel/sysctl.c, mm/util.c, kernel/pid.c, kernel/fork.c. */
// clang-format off
static const struct knob knobs[KNOBS] = {
	{KNOB_MAX_MAP_COUNT, "vm.max_map_count", "vm/max_map_count", MACHINE, .most = INT_MOST, .put_back = WRITTEN,
	 .moves = "mmap, mprotect, munmap, mremap, madvise and brk of a process with so many VMAs"},
	{KNOB_OVERCOMMIT_MEMORY, "vm.overcommit_memory", "vm/overcommit_memory", MACHINE, .most = 2, .put_back = WRITTEN,
	 .moves = "large mappings and fork: 0 by size, 1 never, 2 by the sum against CommitLimit"},
	{KNOB_OVERCOMMIT_RATIO, "vm.overcommit_ratio", "vm/overcommit_ratio", MACHINE, .most = INT_MOST,
	 .put_back = "the one of ratio and kbytes that was in force is written, which sets the other to 0",
	 .moves = "CommitLimit in mode 2, as a percentage of RAM"},
	{KNOB_OVERCOMMIT_KBYTES, "vm.overcommit_kbytes", "vm/overcommit_kbytes", MACHINE, .most = LONG_MOST / 1024,
	 .put_back = "as vm.overcommit_ratio",
	 .moves = "CommitLimit in mode 2, as a size"},
	{KNOB_ADMIN_RESERVE, "vm.admin_reserve_kbytes", "vm/admin_reserve_kbytes", MACHINE, .most = LONG_MOST / 1024, .put_back = WRITTEN,
	 .moves = "the commit limit in mode 2 of all without CAP_SYS_ADMIN"},
	{KNOB_USER_RESERVE, "vm.user_reserve_kbytes", "vm/user_reserve_kbytes", MACHINE, .most = LONG_MOST / 1024, .put_back = WRITTEN,
	 .moves = "the commit limit in mode 2 of large processes"},
	{KNOB_NR_HUGEPAGES, "vm.nr_hugepages", "vm/nr_hugepages", MACHINE, .most = INT_MOST, .put_back = WRITTEN,
	 .moves = "CommitLimit by ratio in mode 2: huge pages are taken from RAM"},
	{KNOB_PID_MAX, "kernel.pid_max", "kernel/pid_max", MACHINE, .least = 301, .most = 4194304, .put_back = WRITTEN,
	 .moves = "fork (EAGAIN) when all process numbers are used"},
	{KNOB_THREADS_MAX, "kernel.threads-max", "kernel/threads-max", MACHINE, .least = 20, .most = 1073741823, .put_back = WRITTEN,
	 .moves = "fork (EAGAIN) when the machine has so many threads"},
	{KNOB_SHMALL, "kernel.shmall", "kernel/shmall", SCOPE_NAMESPACE, .most = LONG_MOST, .environments = IN_NS | IN_HOST,
	 .put_back = "gone with the cell's ipc namespace", .moves = "shmget (ENOSPC): pages of all segments of the ipc namespace"},
	{KNOB_SHMMAX, "kernel.shmmax", "kernel/shmmax", SCOPE_NAMESPACE, .most = LONG_MOST, .environments = IN_NS | IN_HOST,
	 .put_back = "gone with the cell's ipc namespace", .moves = "shmget (EINVAL): bytes of one segment"},
	{KNOB_LIMIT_AS, "rlimit.as", NULL, LIMIT, .put_back = GONE, .moves = "everything that makes the address space larger (ulimit -v)"},
	{KNOB_LIMIT_DATA, "rlimit.data", NULL, LIMIT, .put_back = GONE, .moves = "private writable mappings and the heap (ulimit -d)"},
	{KNOB_LIMIT_STACK, "rlimit.stack", NULL, LIMIT, .put_back = GONE,
	 .moves = "where mappings are placed, so the largest hole (ulimit -s; in force from exec on)"},
	{KNOB_LIMIT_MEMLOCK, "rlimit.memlock", NULL, LIMIT, .put_back = GONE, .moves = "mlock and locked mappings (ulimit -l)"},
	{KNOB_LIMIT_NPROC, "rlimit.nproc", NULL, LIMIT, .put_back = GONE, .moves = "fork (EAGAIN) of a user with so many processes (ulimit -u)"},
	{KNOB_MEMORY_MAX, "cgroup.memory.max", NULL, CGROUP, .kind = KNOB_BYTES, .most = LONG_MOST,
	 .moves = "memory that is used, kernel memory included: the OOM killer, not ENOMEM"},
	{KNOB_SWAP_MAX, "cgroup.memory.swap.max", NULL, CGROUP, .kind = KNOB_BYTES, .most = LONG_MOST,
	 .moves = "as cgroup.memory.max, for what is swapped out"},
	{KNOB_PIDS_MAX, "cgroup.pids.max", NULL, CGROUP, .kind = KNOB_BYTES, .least = 1, .most = 4194304,
	 .moves = "fork (EAGAIN) in a cgroup with so many processes"},
	{KNOB_SWAP, "swap", NULL, MACHINE, .kind = KNOB_BYTES, .least = 1 << 20, .most = UINT64_C(1) << 40,
	 .put_back = "the swap file is switched off and deleted", .moves = "RAM + swap in mode 0, CommitLimit in mode 2"},
	{KNOB_CAPS, "caps", NULL, SCOPE_PROCESS, KNOB_CAPABILITIES, .environments = IN_HOST, .put_back = GONE,
	 .moves = "mode 2's reserve (cap_sys_admin), RLIMIT_MEMLOCK (cap_ipc_lock)"},
	{KNOB_UID, "uid", NULL, SCOPE_PROCESS, .most = INT_MOST, .environments = IN_NS | IN_HOST, .put_back = GONE,
	 .moves = "whose RLIMIT_NPROC counts; needs root to be another than your own"},
};
// clang-format on

const struct knob *knob_of(enum knob_id id)
{
	return &knobs[id];
}

const struct knob *knob_find(const char *name)
{
	for (int i = 0; i < KNOBS; i++) {
		if (strcmp(knobs[i].name, name) == 0 || (knobs[i].file && strcmp(knobs[i].file, name) == 0))
			return &knobs[i];
	}
	return NULL;
}

int knob_unknown(const char *name, struct err *err)
{
	struct suggestion near = {0};

	for (int i = 0; i < KNOBS; i++)
		suggest_consider(&near, name, knobs[i].name);
	err_set(err, EINVAL, "there is no knob \"%.60s\"", name);
	if (near.word)
		return err_advise(err, "did you mean \"%s\"?", near.word);
	return err_advise(err, "`enomem list --knobs` shows them");
}

const char *scope_word(enum knob_scope scope)
{
	static const char *const words[SCOPES] = {"process", "cgroup", "namespace", "machine"};

	return words[scope];
}

static const char *const environments[ENVIRONMENT_IDS] = {"ns", "host"};

const char *environment_word(enum environment_id id)
{
	return environments[id];
}

int environment_from_word(const char *word)
{
	for (int id = 0; id < ENVIRONMENT_IDS; id++) {
		if (strcmp(environments[id], word) == 0)
			return id;
	}
	return -1;
}
