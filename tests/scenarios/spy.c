/*
 * Tries, once, what a cell must not be able to do, and reports how the kernel answered as if it
 * were a refusal of its call. `refused_pages` carries a number where there is one to tell.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "scenarios/lib/scenario.h"

/* The file is not written to, only opened: even where that is allowed nothing changes. */
static int open_sysctl(void)
{
	return open("/proc/sys/vm/max_map_count", O_WRONLY | O_CLOEXEC);
}

static int remount_proc(void)
{
	return mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL);
}

static int count_processes(uint64_t *ret)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;

	if (!proc)
		return -1;
	while ((entry = readdir(proc)))
		*ret += strtol(entry->d_name, NULL, 10) > 0;
	closedir(proc);
	return 0;
}

/* As this process sees it: some are the ipc namespace's. */
static int read_sysctl(const char *path, uint64_t *ret)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	*ret = strtoull(text, NULL, 10);
	return got > 0 ? 0 : -1;
}

static int step(struct run *run, uint64_t number)
{
	uint64_t seen = 0;
	int result = -1;

	(void)number;
	errno = 0;
	if (parameter_is("on", "sysctl"))
		result = open_sysctl();
	else if (parameter_is("on", "remount"))
		result = remount_proc();
	else if (parameter_is("on", "root"))
		result = setuid(0);
	else if (parameter_is("on", "processes"))
		result = count_processes(&seen);
	else if (parameter_is("on", "shmmax"))
		result = read_sysctl("/proc/sys/kernel/shmmax", &seen);
	else if (parameter_is("on", "shmall"))
		result = read_sysctl("/proc/sys/kernel/shmall", &seen);
	else if (parameter_is("on", "fds"))
		result = fcntl(RECORD_FD + 1, F_GETFD);
	run->record->call = CALL_MEMFD;
	run->record->kernel_errno = result == -1 ? (uint32_t)errno : 0;
	run->record->api_errno = run->record->kernel_errno;
	run->record->refused_pages = seen;
	return -EPERM;
}

const struct scenario scenario = {
	.summary = "test only: tries what isolation must prevent",
	.lesson = "None.",
	.fix = "none",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "on",
			 .kind = PARAMETER_WORD,
			 .standard = "sysctl",
			 .words = "sysctl|remount|root|processes|fds|shmmax|shmall",
			 .summary = "what it tries"},
		},
	.operation = {"mmap pages=1 protection=none placement=chosen"},
	.step = step,
};
