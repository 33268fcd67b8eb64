/* What a guest's machine is like, as a configuration says. */
#ifndef ENOMEM_GUEST_SHAPE_H
#define ENOMEM_GUEST_SHAPE_H

#include "plan/configuration.h"
#include "snapshot/host.h"

#define GUEST_MEMORY_BYTES (UINT64_C(1) << 30) /* unless it is said */

struct guest_shape {
	uint64_t memory_bytes;
	uint64_t swap_bytes; /* 0: none */
	unsigned cpus, numa_nodes;
	char cmdline[SETTING_TEXT_BYTES]; /* added to the guest's own */
};

/* -EINVAL when its parts contradict each other: a node needs 64 MiB. */
int guest_shape_of(const struct configuration *configuration, struct guest_shape *ret, struct err *err);

bool guest_shape_same(const struct guest_shape *a, const struct guest_shape *b);

/*
 * Numbers of such a guest under a configuration, as far as they are known before it runs: bounds and
 * pushes of cells are made from them, predictions are not. RAM is an upper bound.
 */
struct host_facts guest_expected_facts(const struct guest_shape *shape, const char *release);
struct snapshot guest_expected_snapshot(const struct guest_shape *shape, const struct configuration *configuration);

#endif
