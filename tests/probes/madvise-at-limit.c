/*
 * madvise-at-limit [dontfork|dontdump|wipeonfork|random]: one big PROT_NONE reservation, then this advice for its pages
 * 1, 3, 5 ... until the kernel refuses one. `calls` counts those that succeeded; `map_count_at_start` is read after the
 * reservation. No page is touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES_MAX (1UL << 22) /* a brake for hosts that have practically no limit: about 1 GiB of kernel memory */

static char input[65536], output[256];

static _Noreturn void fail(const char *what)
{
	dprintf(STDERR_FILENO, "madvise-at-limit: %s\n", what);
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

static int advice_named(const char *word)
{
	static const struct {
		const char *word;
		int advice;
	} all[] = {{"dontfork", MADV_DONTFORK},
		   {"dontdump", MADV_DONTDUMP},
		   {"wipeonfork", MADV_WIPEONFORK},
		   {"random", MADV_RANDOM}};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(word, all[i].word) == 0)
			return all[i].advice;
	fail("usage: madvise-at-limit [dontfork|dontdump|wipeonfork|random]");
}

int main(int argc, char **argv)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = PAGES_MAX, calls = 0;
	int advice = advice_named(argc > 1 ? argv[1] : "dontfork");
	char *base = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long start;
	const char *error;

	if (base == MAP_FAILED)
		fail("mmap of the reservation failed");
	start = count_maps();
	while (madvise(base + (2 * calls + 1) * page, page, advice) == 0)
		if (2 * (++calls + 1) >= pages)
			fail("not refused");
	error = strerrorname_np(errno);

	int length = snprintf(output, sizeof output,
			      "map_count_at_refusal=%lu\nerrno=%s\ncalls=%zu\nmap_count_at_start=%lu\n", count_maps(),
			      error, calls, start);

	return write(STDOUT_FILENO, output, (size_t)length) == length ? 0 : 1;
}
