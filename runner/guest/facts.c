#include "guest/facts.h"

#include <errno.h>
#include <stdio.h>

#include "cell/observation.h"

json_t *guest_facts_to_json(const struct guest_facts *facts)
{
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:s}", "kernel", facts->host.kernel, "machine",
			 facts->host.machine, "page_bytes", (json_int_t)facts->host.page_bytes, "cpus_present",
			 (json_int_t)facts->host.cpus_present, "cpus", (json_int_t)facts->cpus, "numa_nodes",
			 (json_int_t)facts->numa_nodes, "isolation", isolation_to_json(&facts->isolation), "snapshot",
			 snapshot_to_json(&facts->snapshot), "problem", facts->problem);
}

int guest_facts_from_json(const json_t *json, struct guest_facts *ret, struct err *err)
{
	const char *kernel, *machine, *problem;
	json_int_t page_bytes, cpus_present, cpus, numa_nodes;
	json_t *isolation, *snapshot;
	int status;

	*ret = (struct guest_facts){0};
	if (json_unpack((json_t *)json, "{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:s}", "kernel", &kernel, "machine",
			&machine, "page_bytes", &page_bytes, "cpus_present", &cpus_present, "cpus", &cpus, "numa_nodes",
			&numa_nodes, "isolation", &isolation, "snapshot", &snapshot, "problem", &problem) < 0)
		return err_set(err, EINVAL, "cannot read a guest's facts: a member is missing or of the wrong kind");
	if (page_bytes < 1024 || page_bytes > 1 << 20 || cpus_present < 1 || cpus < 1 || cpus > 65536 || numa_nodes < 0)
		return err_set(err, EINVAL, "cannot read a guest's facts: they make no sense");
	snprintf(ret->host.kernel, sizeof(ret->host.kernel), "%s", kernel);
	snprintf(ret->host.machine, sizeof(ret->host.machine), "%s", machine);
	snprintf(ret->problem, sizeof(ret->problem), "%s", problem);
	ret->host.page_bytes = (uint64_t)page_bytes;
	ret->host.cpus_present = (uint64_t)cpus_present;
	ret->cpus = (unsigned)cpus;
	ret->numa_nodes = (unsigned)numa_nodes;
	status = isolation_from_json(isolation, &ret->isolation, err);
	return status < 0 ? status : snapshot_from_json(snapshot, &ret->snapshot, err);
}
