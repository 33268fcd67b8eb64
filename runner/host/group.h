/* A cgroup of a cell's own, v2 or v1: made below the one that enomem is in, or beside it. */
#ifndef ENOMEM_HOST_GROUP_H
#define ENOMEM_HOST_GROUP_H

#include "host/journal.h"
#include "plan/configuration.h"

#define GROUP_PARTS_MOST 2 /* v1 has memory and pids in two hierarchies */

/* What a cell's processes must be written into to be in it. */
struct group {
	int procs_fds[GROUP_PARTS_MOST];
	int pids_max_fd; /* to raise its limit; -1 without one */
	uint64_t pids_max;
	unsigned count; /* 0: the configuration asks for none */
};

/*
 * Make the cgroup that the configuration asks for, with its limits, noted in the journal first.
 * -ENOTSUP where no cgroup here hands out the controllers; -EACCES without the right. What was made is
 * removed by group_remove() of the paths in the journal; group_close() only closes.
 */
int group_make(const struct configuration *configuration, unsigned number, struct journal *journal, struct group *ret,
	       struct err *err);
void group_close(struct group *group);

/*
 * Lift its limits, since who is in a full one may not even die, kill who is in it, and remove it.
 * 0 or a negative errno; waits some seconds for the dying. Uses no heap.
 */
int group_remove(const char *path);

#endif
