/* Starting a cell's agent on this kernel: what the environments ns and host have in common. */
#ifndef ENOMEM_ENVIRONMENT_LAUNCH_H
#define ENOMEM_ENVIRONMENT_LAUNCH_H

#include "environment/environment.h"

struct launch {
	const struct specification *specification;
	const struct isolation *isolation;
	struct group group; /* that the scenario is to be in; borrowed */
	unsigned cpu;       /* OS index of the processing unit */
};

/* Start it; *ret is the caller's. -EMFILE, -ENOMEM, and what the kernel says of namespaces. */
int launch(const struct environment_context *context, const struct launch *launch, struct running *ret,
	   struct err *err);

#endif
