/*
 * Facts about a host that do not move during a run: kernel, distribution, CPUs, cgroup limits.
 * Read through a descriptor of its root directory, as runner/snapshot/snapshot.h does.
 */
#ifndef ENOMEM_SNAPSHOT_HOST_H
#define ENOMEM_SNAPSHOT_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "support/err.h"

#define HOST_CGROUP_LIMITS_MOST 32

/* One limit file on the way from a process's cgroup to the root, innermost first. */
struct cgroup_limit {
	int version;    /* 1 or 2 */
	char path[256]; /* of the cgroup, as /proc/PID/cgroup names it or one of its parents */
	char file[48];  /* "memory.max", "pids.max", "memory.limit_in_bytes", ... */
	uint64_t value; /* bytes or processes, UNLIMITED for "max" and for v1's largest value */
};

struct host_facts {
	char kernel[96];        /* uname -r */
	char machine[32];       /* uname -m, "" in a captured tree */
	char distribution[128]; /* PRETTY_NAME of os-release, "" when there is none */
	uint64_t page_bytes;
	uint64_t cpus_present; /* num_present_cpus(): percpu_counter's batch follows it */
	struct cgroup_limit cgroup[HOST_CGROUP_LIMITS_MOST];
	unsigned cgroup_count;
	bool cgroup_cut; /* there were more than HOST_CGROUP_LIMITS_MOST */
};

/*
 * Read the facts of the host at `root_fd`: proc/sys/kernel/osrelease (required), etc/os-release
 * or usr/lib/os-release, sys/devices/system/cpu/present, and for the process `self`
 * ("self" or a number) proc/<self>/cgroup with every memory and pids limit from its cgroup up to
 * the root, v1 and v2, at the mount points that proc/<self>/mountinfo names.
 * `page_bytes` and `machine` come from sysconf() and uname() when `live`, and else stay 0 and "".
 */
int host_read(int root_fd, const char *self, bool live, struct host_facts *ret, struct err *err);

/* Number of CPUs in a list like "0-3,8"; 0 when it is not one. */
uint64_t host_parse_cpu_list(const char *text);

#endif
