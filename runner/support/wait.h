/* Waiting for a child with a deadline, and the clock for it. */
#ifndef ENOMEM_SUPPORT_WAIT_H
#define ENOMEM_SUPPORT_WAIT_H

#include <stdint.h>
#include <sys/types.h>

/* CLOCK_MONOTONIC. */
uint64_t monotonic_ns(void);

/*
 * Reap a child within `timeout_ms`. 0 and its status as of waitpid(), or -ETIMEDOUT: a process that
 * cannot be killed now, in a full memory cgroup for instance, must not hang its parent.
 */
int wait_child(pid_t pid, unsigned timeout_ms, int *ret_status);

#endif
