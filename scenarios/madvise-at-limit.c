/*
 * One large mapping, cut to pieces by advice that the kernel keeps as a flag of the VMA.
 *
 *   before   [ - ][ * ][ - ][ * ][ ---------------- ]
 *   step     [ - ][ * ][ - ][ * ][ - ][ * ][ ------ ]    two maps more; * is advised
 */
#include <sys/mman.h>

#include "scenarios/lib/arena.h"
#include "scenarios/lib/calls.h"

static uintptr_t start;

static int advice(void)
{
	return parameter_is("advice", "dontdump")     ? MADV_DONTDUMP
	       : parameter_is("advice", "wipeonfork") ? MADV_WIPEONFORK
	       : parameter_is("advice", "random")     ? MADV_RANDOM
						      : MADV_DONTFORK;
}

static int prepare(struct run *run)
{
	return arena_reserve_pairs(run, &start);
}

static int step(struct run *run, uint64_t number)
{
	return call_madvise(run, start + (2 * number + 1) * run->page_bytes, (size_t)run->page_bytes, advice());
}

const struct scenario scenario = {
	.summary = "advice for every second page, until the mapping cannot be split again",
	.lesson = "Some advice is kept as a flag of the VMA (MADV_DONTFORK, DONTDUMP, WIPEONFORK, RANDOM, NOHUGEPAGE "
		  "...), so giving it for a page in the middle splits the VMA in three, like a change of protection, "
		  "and is refused at vm.max_map_count in the same way. What the program sees is not the same: 5.10 "
		  "says ENOMEM, and from 6.1 on madvise turns that into EAGAIN, \"try again\", though trying again "
		  "fails for as long as the maps stay. A program that retries on EAGAIN never ends, and one that looks "
		  "for ENOMEM sees nothing. Advice that works on pages only (DONTNEED, FREE, WILLNEED) splits nothing.",
	.fix = "give advice for larger ranges at once, or raise vm.max_map_count; do not retry madvise on EAGAIN for "
	       "ever",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "advice",
			 .kind = PARAMETER_WORD,
			 .standard = "dontfork",
			 .words = "dontfork|dontdump|wipeonfork|random",
			 .summary = "what madvise is asked for"},
		},
	.operation = {"madvise pages=1 splits=2"},
	.prepare = prepare,
	.step = step,
};
