/*
 * System calls that leave a trace: a refused one is noted in the record (which call, where, how
 * many pages, errno). All return 0 or a negative errno, and cost one branch when accepted.
 */
#ifndef ENOMEM_SCENARIOS_CALLS_H
#define ENOMEM_SCENARIOS_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include "scenarios/lib/scenario.h"

/* mmap at an address of the scenario's choosing, which must be free (MAP_FIXED_NOREPLACE). */
int call_mmap_at(struct run *run, uintptr_t address, size_t bytes, int protection, int flags, int fd);

/* mmap where the kernel likes; *ret is the address when accepted. */
int call_mmap(struct run *run, size_t bytes, int protection, int flags, uintptr_t *ret);

/* mmap over whatever is at the address (MAP_FIXED), anonymous. */
int call_mmap_over(struct run *run, uintptr_t address, size_t bytes, int protection, int flags);

/* mremap; `target` counts with MREMAP_FIXED alone. *ret is the new address when accepted. */
int call_mremap(struct run *run, uintptr_t address, size_t old_bytes, size_t new_bytes, int flags, uintptr_t target,
		uintptr_t *ret);

int call_madvise(struct run *run, uintptr_t address, size_t bytes, int advice);
int call_mprotect(struct run *run, uintptr_t address, size_t bytes, int protection);
int call_munmap(struct run *run, uintptr_t address, size_t bytes);

/* An anonymous file of this length; *ret is its descriptor. */
int call_memfd(struct run *run, size_t bytes, int *ret);

/* fork (or vfork) a child that exits at once, and reap it. */
int call_fork(struct run *run);
int call_vfork(struct run *run);

#endif
