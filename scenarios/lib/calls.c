#include "scenarios/lib/calls.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Raw system calls, so that errno is the kernel's and no library allocates on the way. */

static int refused(struct run *run, enum record_call call, uintptr_t address, size_t bytes)
{
	struct record *record = run->record;

	record->call = call;
	record->kernel_errno = (uint32_t)errno;
	record->api_errno = (uint32_t)errno;
	record->refused_address = address;
	record->refused_pages = bytes / run->page_bytes;
	return -errno;
}

int call_mmap_at(struct run *run, uintptr_t address, size_t bytes, int protection, int flags, int fd)
{
	long result = syscall(SYS_mmap, address, bytes, protection, flags | MAP_FIXED_NOREPLACE, fd, 0L);

	return result == -1 ? refused(run, CALL_MMAP, address, bytes) : 0;
}

int call_mmap(struct run *run, size_t bytes, int protection, int flags, uintptr_t *ret)
{
	long result = syscall(SYS_mmap, 0L, bytes, protection, flags, -1, 0L);

	if (result == -1)
		return refused(run, CALL_MMAP, 0, bytes);
	*ret = (uintptr_t)result;
	return 0;
}

int call_mmap_over(struct run *run, uintptr_t address, size_t bytes, int protection, int flags)
{
	long result = syscall(SYS_mmap, address, bytes, protection, flags | MAP_FIXED, -1, 0L);

	return result == -1 ? refused(run, CALL_MMAP, address, bytes) : 0;
}

int call_mremap(struct run *run, uintptr_t address, size_t old_bytes, size_t new_bytes, int flags, uintptr_t target,
		uintptr_t *ret)
{
	long result = syscall(SYS_mremap, address, old_bytes, new_bytes, flags, target);

	if (result == -1)
		return refused(run, CALL_MREMAP, address, new_bytes);
	*ret = (uintptr_t)result;
	return 0;
}

int call_madvise(struct run *run, uintptr_t address, size_t bytes, int advice)
{
	if (syscall(SYS_madvise, address, bytes, advice) == -1)
		return refused(run, CALL_MADVISE, address, bytes);
	return 0;
}

int call_mprotect(struct run *run, uintptr_t address, size_t bytes, int protection)
{
	if (syscall(SYS_mprotect, address, bytes, protection) == -1)
		return refused(run, CALL_MPROTECT, address, bytes);
	return 0;
}

int call_munmap(struct run *run, uintptr_t address, size_t bytes)
{
	if (syscall(SYS_munmap, address, bytes) == -1)
		return refused(run, CALL_MUNMAP, address, bytes);
	return 0;
}

int call_memfd(struct run *run, size_t bytes, int *ret)
{
	*ret = (int)syscall(SYS_memfd_create, "enomem-mapped", 0);
	if (*ret == -1 || ftruncate(*ret, (off_t)bytes) == -1)
		return refused(run, CALL_MEMFD, 0, bytes);
	return 0;
}

static int reap(pid_t child)
{
	while (waitpid(child, NULL, 0) == -1) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int call_fork(struct run *run)
{
	pid_t child = (pid_t)syscall(SYS_clone, (unsigned long)SIGCHLD, 0L, 0L, 0L, 0L);

	if (child == -1)
		return refused(run, CALL_FORK, 0, 0);
	if (child == 0)
		_exit(0);
	return reap(child);
}

int call_vfork(struct run *run)
{
	/* What vfork() and posix_spawn() ask for: the child borrows the mm, nothing is copied or charged. */
	pid_t child = vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork): it is what is to be shown

	if (child == -1)
		return refused(run, CALL_VFORK, 0, 0);
	if (child == 0)
		_exit(0);
	return reap(child);
}
