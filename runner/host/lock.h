/*
 * The machine-wide lock: whoever changes settings of the machine has it alone; whoever only measures
 * shares it, so that nobody measures under settings of another run.
 *
 * It is a lock on /proc/sys/vm/max_map_count, which everybody can open and nobody must make first;
 * other mounts of /proc, as in containers, have another one.
 */
#ifndef ENOMEM_HOST_LOCK_H
#define ENOMEM_HOST_LOCK_H

#include <stdbool.h>

#include "support/err.h"

/* Called while somebody else has it, ten times a second; false gives up. `holder`: "process 1234 (enomem run)". */
typedef bool lock_waiting(void *context, const char *holder);

/*
 * Take it, waiting as long as `waiting` says. *ret is a descriptor, whose last copy's close gives it
 * back: processes that inherit it have it, too. -EINTR when `waiting` gave up.
 */
int lock_take(bool alone, lock_waiting *waiting, void *context, int *ret, struct err *err);

/* From shared to alone if that is possible now: 0 or -EWOULDBLOCK; and back. */
int lock_alone(int fd);
void lock_share(int fd);

#endif
