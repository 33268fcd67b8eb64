/*
 * many-mmaps [anonymous|file] [pages]: private mappings of `pages` pages that cannot merge, until the kernel refuses
 * one. Anonymous ones alternate PROT_NONE and PROT_READ; file ones all map the start of this program's file, so that
 * the offsets of neighbours never follow each other. None is writable, so overcommit has no part in it. No page is
 * touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MMAPS_MAX (1UL << 22) /* a brake for hosts that have practically no limit: about 1 GiB of kernel memory */

static char input[65536];
static char output[512];
static size_t filled;

static void put(const char *text)
{
	while (*text && filled < sizeof output)
		output[filled++] = *text++;
}

static void put_number(const char *key, unsigned long value)
{
	char digits[24];
	size_t at = sizeof digits - 1;

	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	put(key);
	put(digits + at);
	put("\n");
}

static void flush(int fd)
{
	if (write(fd, output, filled) != (ssize_t)filled)
		_exit(1);
	filled = 0;
}

static _Noreturn void fail(const char *what, const char *why)
{
	filled = 0;
	put("many-mmaps: ");
	put(what);
	put(": ");
	put(why);
	put("\n");
	flush(STDERR_FILENO);
	_exit(1);
}

static unsigned long count_maps(void)
{
	static const char gate[] = "[vsyscall]"; /* shown, but not a mapping of this process */
	unsigned long lines = 0;
	size_t matched = 0;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC), is_gate = 0;
	ssize_t got;

	if (fd < 0)
		fail("/proc/self/maps", strerrorname_np(errno));
	while ((got = read(fd, input, sizeof input)) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			matched = input[i] == gate[matched] ? matched + 1 : input[i] == gate[0];
			if (!gate[matched])
				is_gate = 1, matched = 0;
			if (input[i] == '\n')
				lines += !is_gate, is_gate = 0;
		}
	}
	if (got < 0)
		fail("/proc/self/maps", strerrorname_np(errno));
	close(fd);
	return lines;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "anonymous", *digits = argc > 2 ? argv[2] : "1";
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = 0, mmaps = 0, start;
	int fd = -1, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *end = NULL;

	errno = 0;
	if (*digits >= '0' && *digits <= '9')
		pages = strtoul(digits, &end, 10);
	if (strcmp(kind, "anonymous") != 0 && strcmp(kind, "file") != 0)
		pages = 0;
	if (argc > 3 || !pages || errno || *end || pages > SIZE_MAX / page)
		fail("usage", "many-mmaps [anonymous|file] [pages]");
	if (!strcmp(kind, "file")) {
		flags = MAP_PRIVATE;
		fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			fail("/proc/self/exe", strerrorname_np(errno));
	}
	start = count_maps();
	while (mmap(NULL, pages * page, fd < 0 && mmaps % 2 == 0 ? PROT_NONE : PROT_READ, flags, fd, 0) != MAP_FAILED)
		if (++mmaps == MMAPS_MAX)
			fail("not refused", "gave up after 4194304 mappings");
	const char *refusal = strerrorname_np(errno);
	put_number("map_count_at_refusal=", count_maps());
	put("errno=");
	put(refusal);
	put("\n");
	put_number("mmaps=", mmaps);
	put_number("map_count_at_start=", start);
	flush(STDOUT_FILENO);
	return 0;
}
