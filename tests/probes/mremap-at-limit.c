/*
 * mremap-at-limit [shrink|grow|move|fixed|dontunmap]: maps areas and remaps each once, until the kernel refuses one of
 * both; says which, and at how many maps. For shrink, grow and fixed each area is a new one; move duplicates one shared
 * page (old length 0), and dontunmap leaves one page again and again, so that these two need no other maps. Shared
 * anonymous areas never merge. No page is touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

#define OPERATIONS_MAX (1UL << 22)    /* a brake for hosts that have practically no limit */
#define TARGETS ((char *)(1UL << 40)) // NOLINT(performance-no-int-to-ptr): free in a static program

static char input[65536], output[256];
static size_t page;
static char *once; /* what move and dontunmap start from */

static _Noreturn void fail(const char *what)
{
	dprintf(STDERR_FILENO, "mremap-at-limit: %s\n", what);
	_exit(1);
}

static unsigned long count_maps(void) /* lines, but for the gate page, which is the last and no map of ours */
{
	static const char gate[] = "[vsyscall]\n";
	const size_t length = sizeof gate - 1;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	unsigned long lines = 0;
	ssize_t got;

	/* Each read begins with the end of the one before, in which the gate's name may have begun. */
	memset(input, 0, length);
	while ((got = read(fd, input + length, sizeof input - length)) > 0) {
		for (ssize_t i = 0; i < got; i++)
			lines += input[length + (size_t)i] == '\n';
		memmove(input, input + got, length);
	}
	if (fd < 0 || got < 0)
		fail("cannot read /proc/self/maps");
	close(fd);
	return lines - (memcmp(input, gate, length) == 0);
}

static char *map(size_t pages, int flags)
{
	return mmap(NULL, pages * page, PROT_NONE, flags | MAP_ANONYMOUS, -1, 0);
}

static const char *refused_call(const char *kind, size_t number) /* NULL: nothing was */
{
	char *target = TARGETS + 2 * number * page, *area = once;
	int whole = strcmp(kind, "shrink") == 0, grows = strcmp(kind, "grow") == 0;
	void *remapped;

	if (!once && (area = map(whole || grows ? 2 : 1, MAP_SHARED)) == MAP_FAILED)
		return "mmap";
	if (grows && munmap(area + page, page) != 0)
		fail("munmap failed");
	if (whole)
		remapped = mremap(area, 2 * page, page, 0);
	else if (grows)
		remapped = mremap(area, page, 2 * page, 0);
	else if (strcmp(kind, "move") == 0)
		remapped = mremap(area, 0, page, MREMAP_MAYMOVE);
	else
		remapped =
			mremap(area, page, page, MREMAP_MAYMOVE | MREMAP_FIXED | (once ? MREMAP_DONTUNMAP : 0), target);
	return remapped == MAP_FAILED ? "mremap" : NULL;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "shrink", *call, *error;
	size_t number = 0;

	page = (size_t)sysconf(_SC_PAGESIZE);
	if (argc > 2 || !strstr(" shrink grow move fixed dontunmap ", kind))
		fail("usage: mremap-at-limit [shrink|grow|move|fixed|dontunmap]");
	if (strcmp(kind, "move") == 0)
		once = map(1, MAP_SHARED);
	if (strcmp(kind, "dontunmap") == 0)
		once = map(1, MAP_PRIVATE);
	if (once == MAP_FAILED)
		fail("mmap failed");
	while (!(call = refused_call(kind, number)))
		if (++number == OPERATIONS_MAX)
			fail("not refused");
	error = strerrorname_np(errno);

	int length = snprintf(output, sizeof output, "map_count_at_refusal=%lu\nerrno=%s\nrefused_call=%s\n",
			      count_maps(), error, call);

	return write(STDOUT_FILENO, output, (size_t)length) == length ? 0 : 1;
}
