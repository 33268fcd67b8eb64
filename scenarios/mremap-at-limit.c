/*
 * One object resized or moved by mremap, and one map more for each time, up to the map limit. The
 * object is what it was afterwards, or grows or shrinks by a page, so that the map is all that is added:
 *
 *   shrink     [ ------- ]          ->  [ ------ ]
 *   grow       [ - ]                ->  [ -- ]
 *   move       [ - ][ r ]           ->  [    [ r ] ... [ -- ]  and back: unmapped there, mapped here
 *   fixed      [ - ] ...            ->        ... [ - ]        and the next time back
 *   dontunmap  [ - ] ...            ->  [ - ] ... [ - ]        another place each time: two maps more
 */
#include <sys/mman.h>

#include "scenarios/lib/arena.h"
#include "scenarios/lib/calls.h"

/* A remap is made again at each push, whatever comes of its map: room for that. */
#define SPARE_STEPS 16

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4 /* Linux 5.7, newer than some C libraries */
#endif

static struct {
	uintptr_t maps;   /* where the maps that are added go, two pages for each */
	uintptr_t copies; /* the same for what dontunmap makes */
	uintptr_t object;
	uintptr_t other; /* where `fixed` moves it, and back */
	uint64_t pages;  /* of the object */
	uint64_t remaps; /* accepted so far; one more than maps when the map was what was refused */
	int (*remap)(struct run *run);
} plan;

static size_t page(const struct run *run, uint64_t pages)
{
	return (size_t)(pages * run->page_bytes);
}

static int remap_to(struct run *run, uint64_t pages, int flags, uintptr_t target, uintptr_t *ret)
{
	return call_mremap(run, plan.object, page(run, plan.pages), page(run, pages), flags, target, ret);
}

static int shrink(struct run *run)
{
	int status = remap_to(run, plan.pages - 1, 0, 0, &plan.object);

	plan.pages -= status == 0;
	return status;
}

static int grow(struct run *run)
{
	int status = remap_to(run, plan.pages + 1, 0, 0, &plan.object);

	plan.pages += status == 0;
	return status;
}

static int map_object(struct run *run)
{
	return call_mmap_at(run, plan.object, page(run, plan.pages), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* Back by munmap and mmap, not by a second mremap, which would have a check of its own. */
static int move(struct run *run)
{
	uintptr_t moved;
	int status = remap_to(run, plan.pages + 1, MREMAP_MAYMOVE, 0, &moved);

	if (status == 0)
		status = call_munmap(run, moved, page(run, plan.pages + 1));
	return status < 0 ? status : map_object(run);
}

static int move_fixed(struct run *run)
{
	uintptr_t old = plan.object;
	int status = remap_to(run, plan.pages, MREMAP_MAYMOVE | MREMAP_FIXED, plan.other, &plan.object);

	if (status == 0)
		plan.other = old;
	return status;
}

static int copy(struct run *run)
{
	uintptr_t target = plan.copies + page(run, 2 * plan.remaps), ignored;

	return remap_to(run, plan.pages, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, target, &ignored);
}

static void choose(const struct run *run, uint64_t steps)
{
	plan.pages = 1;
	plan.remap = shrink;
	if (parameter_is("kind", "shrink"))
		plan.pages = steps + 1;
	else if (parameter_is("kind", "grow"))
		plan.remap = grow;
	else if (parameter_is("kind", "move"))
		plan.remap = move;
	else if (parameter_is("kind", "fixed"))
		plan.remap = move_fixed;
	else
		plan.remap = copy;
	plan.other = plan.object + page(run, 2);
}

/* In the arena: maps, then copies, then the object and what it may grow to, all with holes between. */
static int prepare(struct run *run)
{
	uint64_t steps = run->record->at_most + SPARE_STEPS;
	int status = arena_find(&steps, page(run, 6), run->page_bytes, &plan.maps);

	if (status < 0)
		return status;
	plan.copies = plan.maps + page(run, 2 * steps);
	plan.object = plan.copies + page(run, 2 * steps);
	do {
		choose(run, steps);
		status = map_object(run);
		/* Where the address-space limit does not let it be as large, half, or half of that. */
	} while (status < 0 && plan.pages > 1 && (steps /= 2) > SPARE_STEPS);
	run->record->at_most = steps > SPARE_STEPS ? steps - SPARE_STEPS : 0;
	if (status == 0 && plan.remap == move)
		status = call_mmap_at(run, plan.object + page(run, 1), page(run, 1), PROT_READ,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1);
	return status;
}

static int step(struct run *run, uint64_t number)
{
	int status = plan.remap(run);

	if (status < 0)
		return status;
	plan.remaps++;
	return call_mmap_at(run, plan.maps + page(run, 2 * number), page(run, 1), PROT_READ,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

const struct scenario scenario = {
	.summary = "mremap of one object, with one map more each time, up to the map limit",
	.lesson = "mremap may need more maps than it leaves: moving splits and copies before it unmaps. Instead of "
		  "counting "
		  "them, the kernel keeps some maps in reserve and refuses mremap before the limit. Which mremap "
		  "depends on "
		  "the kernel. Up to 7.0 only moves are refused: MREMAP_FIXED and MREMAP_DONTUNMAP from the limit - 5 "
		  "on, a "
		  "move that mremap finds a place for from the limit - 3 on; growing and shrinking in place are never "
		  "refused, so there mmap is what fails, at the limit + 1. From 7.1 on every mremap is refused from "
		  "the limit "
		  "- 3 on, even one that shrinks: a program near the limit that could still give memory back on 7.0 "
		  "cannot "
		  "on 7.1, and realloc of a large block, which is mremap, fails before malloc does.",
	.fix = "raise vm.max_map_count, map fewer areas, or give memory back with munmap of whole areas, which is "
	       "never "
	       "refused",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "kind",
			 .kind = PARAMETER_WORD,
			 .standard = "shrink",
			 .words = "shrink|grow|move|fixed|dontunmap",
			 .summary =
				 "in place (shrink, grow), to a place that the kernel finds (move), or to a given one"},
		},
	.operation =
		{
			"$kind=shrink? mremap shrinks=yes pages=1",
			"$kind=grow? mremap pages=1",
			"$kind=move? mremap moves=yes pages=1 old=1",
			"$kind=move? munmap pages=2",
			"$kind=move? mmap pages=1 protection=none placement=chosen",
			"$kind=fixed? mremap fixed=yes old=1",
			"$kind=dontunmap? mremap fixed=yes dontunmap=yes old=1",
			"mmap pages=1 protection=read placement=chosen",
		},
	.prepare = prepare,
	.step = step,
};
