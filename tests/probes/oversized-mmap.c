/*
 * oversized-mmap: the largest single private anonymous PROT_READ|PROT_WRITE mapping, to the page.
 *
 * Doubles until the kernel refuses, then bisects. `errno` is that of one page more than the largest. No page is
 * touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
	put("oversized-mmap: ");
	put(what);
	put(": ");
	put(why);
	put("\n");
	flush(STDERR_FILENO);
	_exit(1);
}

/* 0 when the kernel allows it, else its errno. */
static int try_to_map(size_t pages, size_t page)
{
	void *base = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED)
		return errno;
	if (munmap(base, pages * page) != 0)
		fail("munmap", strerrorname_np(errno));
	return 0;
}

int main(int argc, char **argv)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), largest = 0, step = 1;
	int error, refusal;

	(void)argv;
	if (argc != 1)
		fail("usage", "oversized-mmap");
	for (; (error = try_to_map(largest + step, page)) == 0; step *= 2)
		largest += step;
	refusal = error;
	while (step /= 2) { /* largest + step (before halving) was refused */
		error = try_to_map(largest + step, page);
		if (error)
			refusal = error;
		else
			largest += step;
	}
	put_number("largest_pages=", largest);
	put("errno=");
	put(strerrorname_np(refusal));
	put("\n");
	flush(STDOUT_FILENO);
	return 0;
}
