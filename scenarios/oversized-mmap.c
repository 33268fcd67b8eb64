/* The largest single mapping: one private writable mmap, given back before the next is tried. */
#include <sys/mman.h>

#include "scenarios/lib/calls.h"

static int step(struct run *run, uint64_t pages)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | (run->exempt ? MAP_NORESERVE : 0);
	size_t bytes = (size_t)(pages * run->page_bytes);
	uintptr_t address;
	int status = call_mmap(run, bytes, PROT_READ | PROT_WRITE, flags, &address);

	return status < 0 ? status : call_munmap(run, address, bytes);
}

const struct scenario scenario = {
	.summary = "the largest single private writable mapping",
	.lesson = "Nothing is used when memory is mapped, yet the kernel may refuse the size. With "
		  "vm.overcommit_memory=0 one request may be as large as RAM and swap together, whatever is in use: "
		  "there is no sum over requests. With 1 nothing is compared and the address space or a ulimit is the "
		  "end. With 2 everything committed on the machine is summed up and compared with CommitLimit.",
	.fix = "map with MAP_NORESERVE (mode 0) or PROT_NONE and commit in parts, add swap, or change "
	       "vm.overcommit_memory",
	.shape = SHAPE_SIZE,
	.can_exempt = true,
	.operation = {"mmap pages=$size protection=write"},
	.step = step,
};
