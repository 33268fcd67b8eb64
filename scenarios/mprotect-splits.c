/*
 * One large mapping, cut to pieces by protection: changing the middle of a VMA makes three of it.
 *
 *   before   [ r ][ - ][ r ][ --------------------- ]
 *   step     [ r ][ - ][ r ][ - ][ r ][ ----------- ]    two maps more
 */
#include <sys/mman.h>

#include "scenarios/lib/arena.h"
#include "scenarios/lib/calls.h"

static uintptr_t start;

static int prepare(struct run *run)
{
	return arena_reserve_pairs(run, &start);
}

static int step(struct run *run, uint64_t number)
{
	return call_mprotect(run, start + (2 * number + 1) * run->page_bytes, (size_t)run->page_bytes, PROT_READ);
}

const struct scenario scenario = {
	.summary = "protection of every second page changed, until the mapping cannot be split again",
	.lesson = "A VMA has one protection. Changing it for a page in the middle splits the VMA in three, two more "
		  "than before. The kernel tests each of the two splits with >= vm.max_map_count, one map earlier than "
		  "mmap does, and when the second is refused the first stays: the call failed, and yet the map count "
		  "moved.",
	.fix = "change protection in larger ranges, use MADV_GUARD_INSTALL (6.13) for guard pages, or raise "
	       "vm.max_map_count",
	.shape = SHAPE_COUNT,
	.operation = {"mprotect pages=1 from=none to=read splits=2"},
	.prepare = prepare,
	.step = step,
};
