/*
 * Many small mappings: each is a VMA of its own, until the process has more than vm.max_map_count.
 *
 *   before   [page]   [page]   [page]                 holes between, so that nothing merges
 *   step     [page]   [page]   [page]   [page]        one map more
 */
#include <sys/mman.h>

#include "scenarios/lib/arena.h"
#include "scenarios/lib/calls.h"

static struct {
	uintptr_t start;
	size_t bytes;  /* of one mapping */
	size_t stride; /* from one to the next: a page of hole is in it */
	int protection;
	int flags;
	int fd;
} plan = {.fd = -1};

static int prepare(struct run *run)
{
	int status = 0;

	plan.bytes = (size_t)(parameter_number("pages") * run->page_bytes);
	plan.stride = plan.bytes + run->page_bytes;
	plan.flags = MAP_PRIVATE | MAP_ANONYMOUS;
	plan.protection = parameter_is("protection", "write")  ? PROT_READ | PROT_WRITE
			  : parameter_is("protection", "read") ? PROT_READ
							       : PROT_NONE;
	if (parameter_is("backing", "file")) {
		plan.flags = MAP_PRIVATE;
		status = call_memfd(run, plan.bytes, &plan.fd);
	}
	if (status < 0)
		return status;
	return arena_find(&run->record->at_most, plan.stride, run->page_bytes, &plan.start);
}

static int step(struct run *run, uint64_t number)
{
	return call_mmap_at(run, plan.start + number * plan.stride, plan.bytes, plan.protection, plan.flags, plan.fd);
}

const struct scenario scenario = {
	.summary = "small mappings that cannot merge, until the process has too many",
	.lesson = "Each separate mapping is a VMA. The kernel counts them for each process and refuses mmap once the "
		  "count is above vm.max_map_count, however much memory is free. Thread stacks, guard pages, "
		  "memory-mapped "
		  "files, JIT and garbage collectors make tens of thousands of them. mmap tests with >, so a process "
		  "reaches the limit plus one.",
	.fix = "raise vm.max_map_count, or map fewer and larger areas",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "pages",
			 .kind = PARAMETER_NUMBER,
			 .standard = "1",
			 .least = 1,
			 .most = 1048576,
			 .summary = "pages of each mapping"},
			{.name = "backing",
			 .kind = PARAMETER_WORD,
			 .standard = "anonymous",
			 .words = "anonymous|file",
			 .summary = "what is mapped"},
			{.name = "protection",
			 .kind = PARAMETER_WORD,
			 .standard = "read",
			 .words = "none|read|write",
			 .summary = "write also counts as data and is charged to the commit limit"},
		},
	.operation = {"mmap pages=$pages protection=$protection backing=$backing placement=chosen"},
	.prepare = prepare,
	.step = step,
};
