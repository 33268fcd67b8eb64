/*
 * The scenarios' calls in plain loops, without enomem: what the kernel itself costs.
 * `bare NAME [BYTES]` repeats the calls until refused and prints nanoseconds and accepted operations; with
 * BYTES as RLIMIT_AS from when it is prepared on.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE ((size_t)sysconf(_SC_PAGESIZE))
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define ROOM ((size_t)1 << 44)

static size_t page;
static rlim_t as_bytes = RLIM_INFINITY;

static void limit_address_space(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = bytes;
	if (bytes != RLIM_INFINITY)
		setrlimit(RLIMIT_AS, &limit);
}

/* Addresses that are free: a large reservation, given back. */
static char *find_room(size_t bytes)
{
	char *start = mmap(NULL, bytes, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (start == MAP_FAILED)
		exit(1);
	munmap(start, bytes);
	return start;
}

static uint64_t many_mmaps(void)
{
	char *start = find_room(ROOM);
	uint64_t n = 0;

	limit_address_space(as_bytes);

	while (syscall(SYS_mmap, start + n * 2 * page, page, PROT_READ, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0L) != -1)
		n++;
	return n;
}

static uint64_t mprotect_splits(void)
{
	char *start = mmap(NULL, ROOM, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t n = 0;

	limit_address_space(as_bytes);

	while (syscall(SYS_mprotect, start + (2 * n + 1) * page, page, PROT_READ) != -1)
		n++;
	return n;
}

static uint64_t ulimit_v(void)
{
	char *start = find_room((size_t)1 << 40);
	uint64_t n = 0;

	limit_address_space(as_bytes == RLIM_INFINITY ? (64 << 20) + 300 * page : as_bytes);
	while (syscall(SYS_mmap, start + n * page, page, PROT_NONE, ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
		       0L) != -1)
		n++;
	return n;
}

static int try_mmap(uint64_t pages)
{
	void *start = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);

	return start != MAP_FAILED && munmap(start, pages * page) == 0;
}

static int try_fork(uint64_t pages)
{
	char *start = mmap(NULL, (pages + 1) * page, PROT_NONE, ANONYMOUS, -1, 0);
	uint64_t done = 0, piece = pages;
	long child = -1;

	if (start == MAP_FAILED)
		return 0;
	while (done < pages && piece > 0) {
		if (mprotect(start + done * page, piece * page, PROT_READ | PROT_WRITE) == -1) {
			piece /= 2;
			continue;
		}
		done += piece;
		piece = pages - done < piece ? pages - done : piece;
	}
	if (done == pages)
		child = syscall(SYS_clone, (unsigned long)SIGCHLD, 0L, 0L, 0L, 0L);
	if (child == 0)
		_exit(0);
	if (child > 0)
		waitpid((pid_t)child, NULL, 0);
	munmap(start, (pages + 1) * page);
	return child > 0;
}

/* As a scenario searches: doubled up to the first refusal, then bisected (scenarios/lib/loop.c). */
static uint64_t bisect(int (*try)(uint64_t))
{
	uint64_t accepted = 0, refused = (uint64_t)INT64_MAX / page;

	limit_address_space(as_bytes);
	for (uint64_t size = 1; size < refused; size *= 2) {
		if (try(size))
			accepted = size;
		else
			refused = size;
	}
	while (refused - accepted > 1) {
		uint64_t middle = accepted + (refused - accepted) / 2;

		if (try(middle))
			accepted = middle;
		else
			refused = middle;
	}
	return accepted;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int main(int argc, char *argv[])
{
	const char *name = argc >= 2 ? argv[1] : "";
	uint64_t started_ns, operations;

	page = PAGE;
	if (argc == 3)
		as_bytes = strtoull(argv[2], NULL, 10);
	started_ns = now_ns();
	if (strcmp(name, "many-mmaps") == 0)
		operations = many_mmaps();
	else if (strcmp(name, "mprotect-splits") == 0)
		operations = mprotect_splits();
	else if (strcmp(name, "ulimit-v") == 0)
		operations = ulimit_v();
	else if (strcmp(name, "oversized-mmap") == 0)
		operations = bisect(try_mmap);
	else if (strcmp(name, "big-fork") == 0)
		operations = bisect(try_fork);
	else
		return 2;
	printf("%llu %llu\n", (unsigned long long)(now_ns() - started_ns), (unsigned long long)operations);
	return 0;
}
