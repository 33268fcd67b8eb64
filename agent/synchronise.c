#include "agent/synchronise.h"

#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

static bool fold_here(size_t bytes)
{
	void *charged = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return charged != MAP_FAILED && munmap(charged, bytes) == 0;
}

bool synchronise_commit(uint64_t pages)
{
	size_t bytes = (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
	long online = sysconf(_SC_NPROCESSORS_ONLN), folded = 0;
	cpu_set_t before, one;

	if (sched_getaffinity(0, sizeof(before), &before) == -1)
		return false;
	/* CPUs that are offline have no residue: it is folded when they go (percpu_counter_cpu_dead()). */
	for (size_t cpu = 0; cpu < CPU_SETSIZE && folded < online; cpu++) {
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof(one), &one) == 0 && fold_here(bytes))
			folded++;
	}
	return sched_setaffinity(0, sizeof(before), &before) == 0 && folded == online;
}
