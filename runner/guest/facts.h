/* A guest's facts, which it says first; predictions and verdicts are made from them. */
#ifndef ENOMEM_GUEST_FACTS_H
#define ENOMEM_GUEST_FACTS_H

#include <jansson.h>

#include "environment/isolation.h"
#include "snapshot/host.h"
#include "snapshot/snapshot.h"

struct guest_facts {
	struct host_facts host;     /* no distribution, no cgroups */
	struct snapshot snapshot;   /* of the guest's init, and of the machine before any setting */
	struct isolation isolation; /* of cells whose configuration asks for nothing else */
	unsigned cpus, numa_nodes;
	char problem[240]; /* what of its shape could not be had ("no swap: ..."), or "" */
};

/* A new reference, NULL when there is no memory. */
json_t *guest_facts_to_json(const struct guest_facts *facts);

/* Bytes from outside. -EINVAL with the member that is missing or wrong. */
int guest_facts_from_json(const json_t *json, struct guest_facts *ret, struct err *err);

#endif
