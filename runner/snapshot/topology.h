/* The machine's processing units and NUMA nodes, through hwloc. */
#ifndef ENOMEM_SNAPSHOT_TOPOLOGY_H
#define ENOMEM_SNAPSHOT_TOPOLOGY_H

#include <hwloc.h>
#include <stdbool.h>

#include "support/err.h"

struct topology {
	hwloc_topology_t hwloc;
	char synthetic[256]; /* "Package:1 L3Cache:1 ... PU:2", "" where the machine is too irregular for one */
	unsigned processing_units;
	unsigned numa_nodes;
	hwloc_bitmap_t allowed; /* processing units that this process may use, as its affinity says */
	unsigned usable;        /* number of them */
};

/* Load what this process may use. Release with topology_free(), which takes a zeroed one too. */
int topology_load(struct topology *ret, struct err *err);
void topology_free(struct topology *topology);

/*
 * The OS index of the `number`-th processing unit on which to run cells (from 0, modulo the usable
 * ones): core by core before the second thread of any, from the last core on, since the first ones
 * get most interrupts.
 */
unsigned topology_cpu(const struct topology *topology, unsigned number);

/* Whether this OS index is a processing unit that we may use. */
bool topology_has_cpu(const struct topology *topology, unsigned cpu);

/*
 * Bind the calling thread to the processing unit with this OS index. Where that is refused nothing
 * happens: the result records what was obtained.
 */
void topology_bind(hwloc_topology_t topology, unsigned cpu);

#endif
