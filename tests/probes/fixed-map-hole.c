/*
 * fixed-map-hole: the largest PROT_READ|PROT_WRITE mapping that MAP_FIXED makes over a PROT_NONE one of the same size,
 * to the page, and what is left of the old one when a page more is refused: `kept`, `hole` or `part`, as mincore sees
 * its first and its last page. `left` is `-` when that much could not even be reserved. No page is touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page;
static const char *error, *left;

static _Noreturn void fail(const char *what)
{
	dprintf(STDERR_FILENO, "fixed-map-hole: %s\n", what);
	_exit(1);
}

static int is_mapped(char *address)
{
	unsigned char resident;

	return mincore(address, page, &resident) == 0;
}

static int works(size_t pages)
{
	char *base = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int accepted = base != MAP_FAILED && mmap(base, pages * page, PROT_READ | PROT_WRITE,
						  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == base;

	if (!accepted) {
		error = strerrorname_np(errno);
		int both = base == MAP_FAILED ? -1 : is_mapped(base) + is_mapped(base + (pages - 1) * page);

		left = both < 0 ? "-" : both == 2 ? "kept" : both == 1 ? "part" : "hole";
	}
	if (base != MAP_FAILED && munmap(base, pages * page) != 0)
		fail("munmap failed");
	return accepted;
}

int main(void)
{
	size_t largest = 0, step = 1;

	page = (size_t)sysconf(_SC_PAGESIZE);
	for (; works(largest + step); step *= 2)
		largest += step;
	while (step /= 2) /* largest + step (before halving) was refused */
		largest += works(largest + step) ? step : 0;
	if (works(largest + 1))
		fail("the refusal does not stand");
	printf("largest_pages=%zu\nerrno=%s\nleft=%s\n", largest, error, left);
	return 0;
}
