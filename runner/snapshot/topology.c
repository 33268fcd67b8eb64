#include "snapshot/topology.h"

#include <errno.h>

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
	return 0;
}

void topology_free(struct topology *topology)
{
	if (topology->hwloc)
		hwloc_topology_destroy(topology->hwloc);
	topology->hwloc = NULL;
}

unsigned topology_cpu(const struct topology *topology, unsigned number)
{
	unsigned index = topology->processing_units - 1 - number % topology->processing_units;

	return hwloc_get_obj_by_type(topology->hwloc, HWLOC_OBJ_PU, index)->os_index;
}

int topology_has_cpu(const struct topology *topology, unsigned cpu)
{
	return hwloc_get_pu_obj_by_os_index(topology->hwloc, cpu) != NULL;
}
