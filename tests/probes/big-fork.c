/*
 * big-fork [vmas]: the most private writable pages, spread evenly over `vmas` VMAs, with which fork() still works. The
 * VMAs lie in a PROT_NONE reservation, a page of it around each, and grow by adjacent pieces. No page is touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[4096];
static size_t page, vmas = 1;
static const char *refused_call, *error_name, *vfork_says;

static _Noreturn void end_with(int status, int fd, const char *const *texts)
{
	for (; *texts; texts++)
		if (write(fd, *texts, strlen(*texts)) < 0)
			_exit(1);
	_exit(status);
}

static _Noreturn void fail(const char *what)
{
	end_with(1, STDERR_FILENO, (const char *const[]){"big-fork: ", what, "\n", NULL});
}

static size_t count_writable_maps(void) /* lines "address rw..." */
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t column = 0, maps = 0; /* column counts from a line's first space */

	for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) != 0;) {
		if (got < 0)
			fail("cannot read /proc/self/maps");
		for (ssize_t i = 0; i < got; i++) {
			column = buffer[i] == '\n' ? 0 : column + (column || buffer[i] == ' ');
			maps += column == 3 && buffer[i] == 'w';
		}
	}
	close(fd);
	return maps;
}

static int make_writable(char *at, size_t pages)
{
	for (size_t piece = pages; pages > 0;) {
		piece = piece < pages ? piece : pages;
		if (mprotect(at, piece * page, PROT_READ | PROT_WRITE) == 0)
			at += piece * page, pages -= piece;
		else if ((piece /= 2) == 0)
			return -1;
	}
	return 0;
}

static const char *find_refusal(char *at, size_t pages) /* NULL: everything works. Else errno is the refusal's. */
{
	size_t before = count_writable_maps();

	for (size_t i = 0, share; i < vmas; i++, at += (share + 1) * page) {
		share = pages / vmas + (i < pages % vmas);
		if (make_writable(at, share) != 0)
			return "mprotect";
	}
	if (count_writable_maps() - before != (pages < vmas ? pages : vmas))
		fail("the pieces did not merge into the VMAs asked for");
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	if (child > 0 && waitpid(child, NULL, 0) != child)
		fail("waitpid failed");
	return child < 0 ? "fork" : NULL;
}

static const char *try_vfork(void)
{
	pid_t child = vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork): it is what is asked

	if (child == 0)
		_exit(0);
	return child > 0 && waitpid(child, NULL, 0) == child ? "ok" : strerrorname_np(errno);
}

static int works(size_t pages)
{
	size_t bytes = (pages + vmas + 1) * page;
	char *base = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const char *call = base == MAP_FAILED ? "mmap" : find_refusal(base + page, pages);

	if (call)
		refused_call = call, error_name = strerrorname_np(errno), vfork_says = try_vfork();
	if (base != MAP_FAILED && munmap(base, bytes) != 0)
		fail("munmap failed");
	return call == NULL;
}

int main(int argc, char **argv)
{
	size_t largest = 0, step = 1, at = 23;
	char digits[24] = "", *end = digits;

	page = (size_t)sysconf(_SC_PAGESIZE);
	if (argc > 1)
		vmas = *argv[1] >= '0' && *argv[1] <= '9' ? strtoul(argv[1], &end, 10) : 0;
	if (argc > 2 || *end || vmas < 1 || vmas > 1000000)
		fail("usage: big-fork [vmas]");
	while (works(largest + step))
		largest += step, step *= 2;
	while (step /= 2) /* largest + the old step was refused */
		largest += works(largest + step) ? step : 0;
	for (size_t rest = largest; rest || !digits[at]; rest /= 10)
		digits[--at] = (char)('0' + rest % 10);
	end_with(0, STDOUT_FILENO,
		 (const char *const[]){"largest_pages=", digits + at, "\nrefused_call=", refused_call,
				       "\nerrno=", error_name, "\nvfork=", vfork_says, "\n", NULL});
}
