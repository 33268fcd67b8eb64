#include "snapshot/topology.h"

#include <errno.h>

static int read_allowed(struct topology *topology, struct err *err)
{
	topology->allowed = hwloc_bitmap_alloc();
	if (!topology->allowed)
		return err_no_memory(err);
	/* Where the affinity cannot be read, all that hwloc was allowed to see. */
	if (hwloc_get_cpubind(topology->hwloc, topology->allowed, HWLOC_CPUBIND_THREAD) < 0)
		hwloc_bitmap_copy(topology->allowed, hwloc_topology_get_allowed_cpuset(topology->hwloc));
	topology->usable = (unsigned)hwloc_bitmap_weight(topology->allowed);
	return topology->usable ? 0 : err_set(err, ENODEV, "cannot read the machine's topology: it has no usable CPU");
}

int topology_load(struct topology *ret, struct err *err)
{
	*ret = (struct topology){0};
	if (hwloc_topology_init(&ret->hwloc) < 0)
		return err_set(err, ENOMEM, "cannot read the machine's topology: hwloc could not start");
	if (hwloc_topology_load(ret->hwloc) < 0) {
		topology_free(ret);
		return err_set_errno(err, errno, "cannot read the machine's topology");
	}
	ret->processing_units = (unsigned)hwloc_get_nbobjs_by_type(ret->hwloc, HWLOC_OBJ_PU);
	ret->numa_nodes = (unsigned)hwloc_get_nbobjs_by_type(ret->hwloc, HWLOC_OBJ_NUMANODE);
	if (hwloc_topology_export_synthetic(ret->hwloc, ret->synthetic, sizeof(ret->synthetic),
					    HWLOC_TOPOLOGY_EXPORT_SYNTHETIC_FLAG_NO_ATTRS) < 0)
		ret->synthetic[0] = '\0';
	return read_allowed(ret, err);
}

void topology_free(struct topology *topology)
{
	hwloc_bitmap_free(topology->allowed);
	topology->allowed = NULL;
	if (topology->hwloc)
		hwloc_topology_destroy(topology->hwloc);
	topology->hwloc = NULL;
}

/* The `thread`-th usable processing unit of a core, -1 when it has no such. */
static int unit_of_core(const struct topology *topology, hwloc_const_cpuset_t core, unsigned thread)
{
	int unit = -1;

	do {
		unit = hwloc_bitmap_next(core, unit);
		if (unit >= 0 && hwloc_bitmap_isset(topology->allowed, (unsigned)unit) && thread-- == 0)
			return unit;
	} while (unit >= 0);
	return -1;
}

unsigned topology_cpu(const struct topology *topology, unsigned number)
{
	int cores = hwloc_get_nbobjs_by_type(topology->hwloc, HWLOC_OBJ_CORE);
	unsigned left = number % topology->usable;

	for (unsigned thread = 0; cores > 0 && thread < topology->processing_units; thread++) {
		for (int core = cores - 1; core >= 0; core--) {
			hwloc_obj_t object = hwloc_get_obj_by_type(topology->hwloc, HWLOC_OBJ_CORE, (unsigned)core);
			int unit = unit_of_core(topology, object->cpuset, thread);

			if (unit >= 0 && left-- == 0)
				return (unsigned)unit;
		}
	}
	return (unsigned)hwloc_bitmap_first(topology->allowed);
}

bool topology_has_cpu(const struct topology *topology, unsigned cpu)
{
	return hwloc_bitmap_isset(topology->allowed, cpu);
}

void topology_bind(hwloc_topology_t topology, unsigned cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();

	if (!set)
		return;
	hwloc_bitmap_only(set, cpu);
	/*
	 * Of the thread: for a process hwloc looks its threads up by their pids, which are others in a new
	 * pid namespace.
	 */
	hwloc_set_cpubind(topology, set, HWLOC_CPUBIND_THREAD);
	hwloc_bitmap_free(set);
}
