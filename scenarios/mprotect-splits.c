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

/* Reserve two pages for each step; when the address-space limit allows less, half, or half of that. */
static int prepare(struct run *run)
{
	uint64_t stride = 2 * run->page_bytes;
	uint64_t steps = run->record->at_most + 1;
	int status = arena_find(&steps, stride, run->page_bytes, &start);

	while (status == 0 && steps > 1) {
		status = call_mmap_at(run, start, (size_t)(steps * stride), PROT_NONE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
		if (status == 0)
			break;
		steps /= 2;
		if (steps > 1)
			status = 0;
	}
	run->record->at_most = steps - 1;
	return status;
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
