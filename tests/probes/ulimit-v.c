/*
 * ulimit-v LIMIT_BYTES: sets the soft RLIMIT_AS to it, then maps single PROT_NONE pages until the kernel refuses one.
 *
 * The pages may merge: only the size counts here, so the number of mappings must not. No page is touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define MMAPS_MAX (1UL << 26) /* a brake for limits that would take hours to reach */

static char input[256];
static char output[256];
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
	put("ulimit-v: ");
	put(what);
	put(": ");
	put(why);
	put("\n");
	flush(STDERR_FILENO);
	_exit(1);
}

static unsigned long read_vm_pages(void)
{
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		fail("/proc/self/statm", strerrorname_np(errno));
	got = read(fd, input, sizeof input - 1);
	if (got <= 0 || input[0] < '0' || input[0] > '9')
		fail("/proc/self/statm", "cannot read");
	input[got] = '\0';
	close(fd);
	return strtoul(input, NULL, 10);
}

int main(int argc, char **argv)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), mmaps = 0;
	struct rlimit limit;
	char *end = NULL;
	rlim_t bytes = 0;

	errno = 0;
	if (argc == 2 && argv[1][0] >= '0' && argv[1][0] <= '9')
		bytes = strtoul(argv[1], &end, 10);
	if (!end || *end || errno || bytes == RLIM_INFINITY)
		fail("usage", "ulimit-v LIMIT_BYTES");
	if (getrlimit(RLIMIT_AS, &limit) != 0)
		fail("getrlimit", strerrorname_np(errno));
	limit.rlim_cur = bytes;
	if (setrlimit(RLIMIT_AS, &limit) != 0)
		fail("setrlimit", strerrorname_np(errno));
	while (mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		if (++mmaps == MMAPS_MAX)
			fail("not refused", "gave up after 67108864 pages");
	const char *refusal = strerrorname_np(errno);
	put_number("vm_pages_at_refusal=", read_vm_pages());
	put("errno=");
	put(refusal);
	put("\n");
	put_number("limit_pages=", limit.rlim_cur / page);
	flush(STDOUT_FILENO);
	return 0;
}
