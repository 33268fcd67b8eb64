/*
 * Where a process's cgroups are in the file system, and their limits.
 *
 * A process is in one cgroup of each hierarchy: in v1 one hierarchy per controller (or several
 * controllers together), in v2 one for all. /proc/PID/cgroup names the cgroups, and
 * /proc/PID/mountinfo says where, and from which cgroup on, a hierarchy can be seen.
 */
#ifndef ENOMEM_SNAPSHOT_CGROUP_H
#define ENOMEM_SNAPSHOT_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot/host.h"

#define CGROUP_PATH_BYTES 1024

/* The hierarchies that limit memory or processes. A hybrid host has all three. */
enum cgroup_tree { CGROUP_V2, CGROUP_V1_MEMORY, CGROUP_V1_PIDS, CGROUP_TREES };

struct cgroup_place {
	bool member;                       /* the process has a cgroup in this tree */
	bool mounted;                      /* and it can be seen: the rest is set */
	char path[CGROUP_PATH_BYTES];      /* as /proc/PID/cgroup names it */
	char directory[CGROUP_PATH_BYTES]; /* absolute */
	size_t mount_length;               /* of the mount point, at the beginning of `directory` */
};

struct cgroup_places {
	struct cgroup_place tree[CGROUP_TREES];
};

/* Find the places in the texts of /proc/PID/cgroup and /proc/PID/mountinfo. */
void cgroup_parse(const char *cgroup, size_t cgroup_length, const char *mountinfo, size_t mountinfo_length,
		  struct cgroup_places *ret);

/* Go to the parent cgroup. False, changing nothing, where the mount shows none above. */
bool cgroup_up(struct cgroup_place *place);

/*
 * The number in a limit file, "max" and v1's largest value as UNLIMITED. False for any other text.
 * `text` ends in NUL.
 */
bool cgroup_parse_limit(const char *text, int version, uint64_t *ret);

/* Fill the cgroup members of `ret`; what cannot be read is left out. `self` as for host_read(). */
void cgroup_read(int root_fd, const char *self, struct host_facts *ret);

#endif
