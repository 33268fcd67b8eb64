/*
 * mprotect-splits: one big PROT_NONE reservation, then PROT_READ on its pages 1, 3, 5 ... until the kernel refuses one.
 * Every call cuts one page out of the middle of a mapping. `calls` counts those that succeeded; `map_count_at_start` is
 * read after the reservation. No page is touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES_MAX (1UL << 22) /* a brake for hosts that have practically no limit: about 1 GiB of kernel memory */

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
	put("mprotect-splits: ");
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
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = PAGES_MAX, calls = 0, start;
	char *base;

	(void)argv;
	if (argc != 1)
		fail("usage", "mprotect-splits");
	do /* smaller where the address space is limited */
		base = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	while (base == MAP_FAILED && (pages /= 2) > 2);
	if (base == MAP_FAILED)
		fail("mmap of the reservation", strerrorname_np(errno));
	start = count_maps();
	while (mprotect(base + (2 * calls + 1) * page, page, PROT_READ) == 0)
		if (2 * (++calls + 1) >= pages)
			fail("not refused", "gave up at the end of the reservation");
	const char *refusal = strerrorname_np(errno);
	put_number("map_count_at_refusal=", count_maps());
	put("errno=");
	put(refusal);
	put("\n");
	put_number("calls=", calls);
	put_number("map_count_at_start=", start);
	flush(STDOUT_FILENO);
	return 0;
}
