#include "plan/knob.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/suggest.h"

#define INT_MOST INT32_MAX
/* Numbers that JSON can hold; no machine has more. */
#define LONG_MOST INT64_MAX

#define MACHINE .scope = SCOPE_MACHINE, .environments = IN_HOST | IN_VM
#define SWAP_FILE .scope = SCOPE_MACHINE, .environments = IN_HOST
#define GUEST .scope = SCOPE_GUEST, .environments = IN_VM, .put_back = "gone with the guest"
#define EVERYWHERE (IN_NS | IN_HOST | IN_VM)
#define LIMIT .scope = SCOPE_PROCESS, .kind = KNOB_LIMIT, .environments = EVERYWHERE, .most = LONG_MOST
#define CGROUP .scope = SCOPE_CGROUP, .environments = IN_HOST | IN_VM, .put_back = "the cell's own cgroup is removed"
#define WRITTEN "the old value is written"
#define GONE "gone with the process"

/* A table: one glance shows what differs. Ranges: kernel/sysctl.c, mm/util.c, kernel/pid.c, kernel/fork.c. */
// clang-format off
static const struct knob knobs[KNOBS] = {
	{.id = KNOB_MAX_MAP_COUNT, .name = "vm.max_map_count", .file = "vm/max_map_count", MACHINE, .most = INT_MOST, .put_back = WRITTEN,
	 .moves = "mmap, mprotect, munmap, mremap, madvise and brk of a process with so many VMAs"},
	{.id = KNOB_OVERCOMMIT_MEMORY, .name = "vm.overcommit_memory", .file = "vm/overcommit_memory", MACHINE, .most = 2, .put_back = WRITTEN,
	 .moves = "large mappings and fork: 0 by size, 1 never, 2 by the sum against CommitLimit"},
	{.id = KNOB_OVERCOMMIT_RATIO, .name = "vm.overcommit_ratio", .file = "vm/overcommit_ratio", MACHINE, .most = INT_MOST,
	 .put_back = "the one of ratio and kbytes that was in force is written, which sets the other to 0",
	 .moves = "CommitLimit in mode 2, as a percentage of RAM"},
	{.id = KNOB_OVERCOMMIT_KBYTES, .name = "vm.overcommit_kbytes", .file = "vm/overcommit_kbytes", MACHINE, .most = LONG_MOST / 1024,
	 .put_back = "as vm.overcommit_ratio",
	 .moves = "CommitLimit in mode 2, as a size"},
	{.id = KNOB_ADMIN_RESERVE, .name = "vm.admin_reserve_kbytes", .file = "vm/admin_reserve_kbytes", MACHINE, .most = LONG_MOST / 1024, .put_back = WRITTEN,
	 .moves = "the commit limit in mode 2 of all without CAP_SYS_ADMIN"},
	{.id = KNOB_USER_RESERVE, .name = "vm.user_reserve_kbytes", .file = "vm/user_reserve_kbytes", MACHINE, .most = LONG_MOST / 1024, .put_back = WRITTEN,
	 .moves = "the commit limit in mode 2 of large processes"},
	{.id = KNOB_NR_HUGEPAGES, .name = "vm.nr_hugepages", .file = "vm/nr_hugepages", MACHINE, .most = INT_MOST, .put_back = WRITTEN,
	 .moves = "CommitLimit by ratio in mode 2: huge pages are taken from RAM"},
	{.id = KNOB_PID_MAX, .name = "kernel.pid_max", .file = "kernel/pid_max", MACHINE, .least = 301, .most = 4194304, .put_back = WRITTEN,
	 .moves = "fork (EAGAIN) when all process numbers are used"},
	{.id = KNOB_THREADS_MAX, .name = "kernel.threads-max", .file = "kernel/threads-max", MACHINE, .least = 20, .most = 1073741823, .put_back = WRITTEN,
	 .moves = "fork (EAGAIN) when the machine has so many threads"},
	{.id = KNOB_SHMALL, .name = "kernel.shmall", .file = "kernel/shmall", .scope = SCOPE_NAMESPACE, .most = LONG_MOST, .environments = EVERYWHERE,
	 .put_back = "gone with the cell's ipc namespace", .moves = "shmget (ENOSPC): pages of all segments of the ipc namespace"},
	{.id = KNOB_SHMMAX, .name = "kernel.shmmax", .file = "kernel/shmmax", .scope = SCOPE_NAMESPACE, .most = LONG_MOST, .environments = EVERYWHERE,
	 .put_back = "gone with the cell's ipc namespace", .moves = "shmget (EINVAL): bytes of one segment"},
	{.id = KNOB_LIMIT_AS, .name = "rlimit.as", .file = NULL, LIMIT, .put_back = GONE, .moves = "everything that makes the address space larger (ulimit -v)"},
	{.id = KNOB_LIMIT_DATA, .name = "rlimit.data", .file = NULL, LIMIT, .put_back = GONE, .moves = "private writable mappings and the heap (ulimit -d)"},
	{.id = KNOB_LIMIT_STACK, .name = "rlimit.stack", .file = NULL, LIMIT, .put_back = GONE,
	 .moves = "where mappings are placed, so the largest hole (ulimit -s; in force from exec on)"},
	{.id = KNOB_LIMIT_MEMLOCK, .name = "rlimit.memlock", .file = NULL, LIMIT, .put_back = GONE, .moves = "mlock and locked mappings (ulimit -l)"},
	{.id = KNOB_LIMIT_NPROC, .name = "rlimit.nproc", .file = NULL, LIMIT, .put_back = GONE, .moves = "fork (EAGAIN) of a user with so many processes (ulimit -u)"},
	{.id = KNOB_MEMORY_MAX, .name = "cgroup.memory.max", .file = NULL, CGROUP, .kind = KNOB_BYTES, .most = LONG_MOST,
	 .moves = "memory that is used, kernel memory included: the OOM killer, not ENOMEM"},
	{.id = KNOB_SWAP_MAX, .name = "cgroup.memory.swap.max", .file = NULL, CGROUP, .kind = KNOB_BYTES, .most = LONG_MOST,
	 .moves = "as cgroup.memory.max, for what is swapped out"},
	{.id = KNOB_PIDS_MAX, .name = "cgroup.pids.max", .file = NULL, CGROUP, .kind = KNOB_BYTES, .least = 1, .most = 4194304,
	 .moves = "fork (EAGAIN) in a cgroup with so many processes"},
	{.id = KNOB_SWAP, .name = "swap", .file = NULL, SWAP_FILE, .kind = KNOB_BYTES, .least = 1 << 20, .most = UINT64_C(1) << 40,
	 .put_back = "the swap file is switched off and deleted", .moves = "RAM + swap in mode 0, CommitLimit in mode 2"},
	{.id = KNOB_CAPS, .name = "caps", .file = NULL, .scope = SCOPE_PROCESS, .kind = KNOB_CAPABILITIES, .environments = IN_HOST | IN_VM, .put_back = GONE,
	 .moves = "mode 2's reserve (cap_sys_admin), RLIMIT_MEMLOCK (cap_ipc_lock)"},
	{.id = KNOB_UID, .name = "uid", .file = NULL, .scope = SCOPE_PROCESS, .most = INT_MOST, .environments = EVERYWHERE, .put_back = GONE,
	 .moves = "whose RLIMIT_NPROC counts; needs root to be another than your own"},
	{.id = KNOB_GUEST_MEMORY, .name = "guest.memory", .file = NULL, GUEST, .kind = KNOB_BYTES, .least = 16 << 20, .most = UINT64_C(1) << 40,
	 .moves = "RAM: mode 0's largest request, mode 2's CommitLimit (a guest has 1G when it is not set)"},
	{.id = KNOB_GUEST_CPUS, .name = "guest.cpus", .file = NULL, GUEST, .least = 1, .most = 64,
	 .moves = "how exact mode 2 is: each CPU keeps a part of the commit charge to itself (1 when it is not set)"},
	{.id = KNOB_GUEST_SWAP, .name = "guest.swap", .file = NULL, GUEST, .kind = KNOB_BYTES, .least = 1 << 20, .most = UINT64_C(1) << 40,
	 .moves = "RAM + swap in mode 0, CommitLimit in mode 2"},
	{.id = KNOB_GUEST_NUMA, .name = "guest.numa", .file = NULL, GUEST, .least = 1, .most = 8,
	 .moves = "nothing of these checks: the number of NUMA nodes over which memory and CPUs are spread"},
	{.id = KNOB_GUEST_CMDLINE, .name = "guest.cmdline", .file = NULL, GUEST, .kind = KNOB_TEXT,
	 .moves = "whatever the kernel's command line does, for example transparent_hugepage=never; added to the guest's own"},
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
	static const char *const words[SCOPES] = {"process", "cgroup", "namespace", "machine", "guest"};

	return words[scope];
}
