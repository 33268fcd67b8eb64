/*
 * Reserves made before READY, given back piece by piece while a refusal stands.
 *
 * Giving back shows what was short: only the resource that the refusing check compares makes the
 * next request succeed. In order of address, all marked MADV_DONTDUMP so that none of them
 * ever merges with a neighbour:
 *
 *    fence    pages        committed        maps
 *   [  r  ][ ---------- ][ rw ........ ][ r ][ - ][ r ][ - ]
 *           ^ trimmed     ^ made like the           merged ^
 *           from here:    pages from here:          from here:
 *           pages, no     their charge, no          one map each,
 *           map           page and no map           no page
 *
 * A committed page that was never touched loses its charge when it is made inaccessible, and joins
 * the VMA before it, from 6.5 on (mm/mprotect.c mprotect_fixup()). Older kernels keep the charge,
 * so there it is unmapped; record->commit_keeps_pages says which.
 *
 * The fence keeps what is trimmed from widening the hole below, which would move the largest
 * mapping that fits into the address space.
 */
#ifndef ENOMEM_SCENARIOS_RELIEF_H
#define ENOMEM_SCENARIOS_RELIEF_H

#include "scenarios/lib/scenario.h"

/*
 * Make the reserves that the record asks for, and set its reserve_* fields to what was got:
 * near a limit that is less, which is no error.
 */
void relief_reserve(struct run *run);

/* Carry out the record's order (give_*), clear it, and note in relief_errno if it could not be. */
void relief_give(struct run *run);

#endif
