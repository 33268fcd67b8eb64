#include "scenarios/lib/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scenarios/lib/calls.h"

/* A scenario has some dozens of VMAs when it prepares; a longer text is cut, which only loses holes. */
static char maps[32768];

static int read_maps(void)
{
	size_t used = 0;
	ssize_t got;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return -ENOENT;
	while (used < sizeof(maps) - 1 && (got = read(fd, maps + used, sizeof(maps) - 1 - used)) > 0)
		used += (size_t)got;
	maps[used] = '\0';
	close(fd);
	return used ? 0 : -ENOENT;
}

struct hole {
	uint64_t start;
	uint64_t bytes;
};

static struct hole largest_hole(void)
{
	struct hole best = {0};
	uint64_t previous_end = 0;

	for (char *line = maps; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
		char *dash;
		uint64_t start = strtoull(line, &dash, 16);
		uint64_t end = *dash == '-' ? strtoull(dash + 1, NULL, 16) : 0;

		/* The gate page above the address space bounds no hole that could be used. */
		if (end <= start || start >> 63)
			break;
		if (previous_end && start - previous_end > best.bytes)
			best = (struct hole){previous_end, start - previous_end};
		previous_end = end;
	}
	return best;
}

int arena_find(uint64_t *steps, uint64_t stride, uint64_t page_bytes, uintptr_t *ret)
{
	int status = read_maps();
	struct hole hole;
	uint64_t fit;

	if (status < 0)
		return status;
	hole = largest_hole();
	/* The kernel places what it chooses itself at the ends of the hole: keep an eighth free there. */
	fit = hole.bytes / 8 * 7 / stride;
	if (fit == 0)
		return -ENOMEM;
	if (*steps > fit)
		*steps = fit;
	*ret = (uintptr_t)((hole.start + (hole.bytes - *steps * stride) / 2) / page_bytes * page_bytes);
	return 0;
}

int arena_reserve_pairs(struct run *run, uintptr_t *ret)
{
	uint64_t stride = 2 * run->page_bytes;
	uint64_t steps = run->record->at_most + 1;
	int status = arena_find(&steps, stride, run->page_bytes, ret);

	while (status == 0 && steps > 1) {
		status = call_mmap_at(run, *ret, (size_t)(steps * stride), PROT_NONE,
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
