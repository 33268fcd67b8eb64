/*
 * Claims mappings that merge, so that the size of the address space must be what refuses them.
 *
 *   lie=none    they do merge: the control, must come out EXACT
 *   lie=merge   they lie apart, so that the map count refuses them: must come out OFF
 *   lie=push    they do merge, but after a relief it reports three operations that it never made
 */
#include <sys/mman.h>

#include "scenarios/lib/arena.h"
#include "scenarios/lib/calls.h"

#define INVENTED 3

static uintptr_t start;
static uint64_t stride, invented;
static bool refused_before;

static int map(struct run *run, uint64_t number)
{
	return call_mmap_at(run, start + number * stride, (size_t)run->page_bytes, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

static int prepare(struct run *run)
{
	uint64_t mappings = run->record->at_most + 1;
	int status;

	stride = run->page_bytes * (parameter_is("lie", "merge") ? 2 : 1);
	status = arena_find(&mappings, stride, run->page_bytes, &start);
	run->record->at_most = mappings - 1;
	return status < 0 ? status : map(run, 0);
}

static int step(struct run *run, uint64_t number)
{
	int status;

	if (parameter_is("lie", "push") && refused_before && invented < INVENTED) {
		invented++;
		return 0;
	}
	status = map(run, number + 1 - invented);
	refused_before |= status < 0;
	return status;
}

const struct scenario scenario = {
	.summary = "test only: does not do what it declares",
	.lesson = "None: a harness that believes this scenario is broken.",
	.fix = "none",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "lie",
			 .kind = PARAMETER_WORD,
			 .standard = "merge",
			 .words = "none|merge|push",
			 .summary = "what is not as declared"},
		},
	.operation = {"mmap pages=1 protection=none placement=chosen merges=yes"},
	.prepare = prepare,
	.step = step,
};
