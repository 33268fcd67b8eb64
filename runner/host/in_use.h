/* Values below what running processes already use: setting them would make others fail. */
#ifndef ENOMEM_HOST_IN_USE_H
#define ENOMEM_HOST_IN_USE_H

#include "plan/configuration.h"

/*
 * -EBUSY when, under the configuration, processes that run now would be above a limit: more VMAs
 * than vm.max_map_count, more committed than CommitLimit in mode 2, more processes than
 * kernel.pid_max or threads than kernel.threads-max. The error lists the processes.
 * Processes that may not be looked at are passed over.
 */
int in_use_check(const struct configuration *configuration, uint64_t page_bytes, struct err *err);

#endif
