/*
 * Address space up to RLIMIT_AS, as `ulimit -v` sets it. The mappings merge into one VMA and are
 * inaccessible: no memory, no commit charge, no map; only the size of the address space grows.
 *
 *   before   [ ------------ ]
 *   step     [ ------------ ][ - ]
 */
#include <sys/mman.h>

#include "scenarios/lib/arena.h"
#include "scenarios/lib/calls.h"

static uintptr_t start;
static size_t bytes;

static int map(struct run *run, uint64_t number)
{
	return call_mmap_at(run, start + number * bytes, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			    -1);
}

/* The first mapping is made here, so that every step's mapping has one to merge with. */
static int prepare(struct run *run)
{
	uint64_t mappings = run->record->at_most + 1;
	int status;

	bytes = (size_t)(parameter_number("pages") * run->page_bytes);
	status = arena_find(&mappings, bytes, run->page_bytes, &start);
	run->record->at_most = mappings - 1;
	return status < 0 ? status : map(run, 0);
}

static int step(struct run *run, uint64_t number)
{
	return map(run, number + 1);
}

const struct scenario scenario = {
	.summary = "mappings under `ulimit -v`, until the address space is used up",
	.lesson =
		"RLIMIT_AS (ulimit -v, in KiB) limits the size of the address space, used or not: reservations, "
		"guard areas, libraries and stacks count like memory. Runtimes that reserve much and use little (Go, "
		"Java, Node, sanitizers) fail under it. The kernel refuses exactly when the pages already mapped plus "
		"the new ones exceed the limit; when the limit is in force before the program starts, the start itself "
		"is what fails.",
	.fix = "raise or remove ulimit -v; to limit memory in use, set memory.max of a cgroup instead",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "limit",
			 .kind = PARAMETER_BYTES,
			 .standard = "+64M",
			 .least = 4096,
			 .most = UINT64_C(1) << 47,
			 .summary = "RLIMIT_AS in bytes (K, M, G, T), or + over the size at start"},
			{.name = "limit_at",
			 .kind = PARAMETER_WORD,
			 .standard = "run",
			 .words = "run|exec",
			 .summary = "set when the program runs, or before it is started as a shell does"},
			{.name = "pages",
			 .kind = PARAMETER_NUMBER,
			 .standard = "1",
			 .least = 1,
			 .most = 1048576,
			 .summary = "pages of each mapping"},
		},
	.operation = {"mmap pages=$pages protection=none placement=chosen merges=yes"},
	.limits = {{.resource = "as", .value = "$limit", .at = "$limit_at"}},
	.prepare = prepare,
	.step = step,
};
