/*
 * What a guest is told of one cell: a line of /cells in its initramfs.
 *
 *   {"index": 12, "cpu": 0, "settings": {"vm.max_map_count": "1024"}, "specification": {...}}
 */
#ifndef ENOMEM_GUEST_ORDER_H
#define ENOMEM_GUEST_ORDER_H

#include "cell/specification.h"
#include "plan/configuration.h"

struct guest_order {
	unsigned index; /* of the run in the plan */
	unsigned cpu;   /* of the guest, that the cell is bound to */
	struct configuration configuration;
	struct specification specification;
};

/* A new reference, NULL when there is no memory. */
json_t *guest_order_to_json(unsigned index, unsigned cpu, const struct configuration *configuration,
			    const struct specification *specification);

/* -EINVAL with what is wrong in it. */
int guest_order_from_json(const json_t *json, struct guest_order *ret, struct err *err);

#endif
