/*
 * A range of free addresses that the kernel will not hand out by itself for small requests:
 * the middle of the largest hole of the address space. A scenario maps there at addresses it
 * chooses, so that nothing merges that should not and every request is like the last.
 */
#ifndef ENOMEM_SCENARIOS_ARENA_H
#define ENOMEM_SCENARIOS_ARENA_H

#include <stdint.h>

#include "scenarios/lib/scenario.h"

/*
 * Find free addresses for `steps` requests of `stride` bytes each, in the middle of the largest
 * hole; *ret is where they begin, a multiple of the page size. Where the hole is too small for
 * all, *steps is lowered to what it holds. Reads /proc/self/maps with a static buffer, maps nothing.
 * Returns 0, -ENOENT when /proc cannot be read, -ENOMEM when not even one step fits.
 */
int arena_find(uint64_t *steps, uint64_t stride, uint64_t page_bytes, uintptr_t *ret);

/*
 * For scenarios that cut one mapping to pieces: reserve two pages for each of the run's steps there, without access or
 * accounting; *ret is where it begins. When the address-space limit allows less, half, or half of that: the
 * record's at_most is cut to what was got. 0 or a negative errno.
 */
int arena_reserve_pairs(struct run *run, uintptr_t *ret);

#endif
