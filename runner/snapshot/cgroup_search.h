/*
 * The steps of cgroup_parse(), for a mountinfo that is too long to be held: hosts with many
 * containers have hundreds of KiB of it.
 */
#ifndef ENOMEM_SNAPSHOT_CGROUP_SEARCH_H
#define ENOMEM_SNAPSHOT_CGROUP_SEARCH_H

#include "snapshot/cgroup.h"
#include "snapshot/snapshot.h"
#include "snapshot/text.h"

struct cgroup_search {
	struct cgroup_places *places;
	size_t root_length[CGROUP_TREES]; /* of the mount's root that `places` follows */
};

/* Clear `ret`, which must outlive the search, and take the memberships from /proc/PID/cgroup. */
void cgroup_search_start(struct cgroup_search *search, struct text cgroup, struct cgroup_places *ret);

/* Take one line of mountinfo. A text_line_fn: `context` is the struct cgroup_search. */
void cgroup_search_mount(void *context, struct text line);

#endif
