/* Removing a cgroup; without the heap. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/group.h"

/* Tearing a million VMAs down takes seconds. */
#define TRIES 600
#define PAUSE_NS 50000000

static void write_file(const char *directory, const char *file, const char *text)
{
	char path[1200];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		return;
	if (write(fd, text, strlen(text)) == -1) {
		/* Of the other version of cgroups, or in the other order. */
	}
	close(fd);
}

static void lift_limits(const char *path)
{
	static const char *const files[] = {"memory.max", "memory.swap.max", "pids.max"};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		write_file(path, files[i], "max");
	/* v1: memory and swap together cannot be below memory. */
	write_file(path, "memory.memsw.limit_in_bytes", "-1");
	write_file(path, "memory.limit_in_bytes", "-1");
}

/* True when there was somebody. */
static bool kill_members(const char *directory)
{
	char path[1200], text[4096];
	bool any = false;
	ssize_t got;
	int fd;

	write_file(directory, "cgroup.kill", "1");
	snprintf(path, sizeof(path), "%s/cgroup.procs", directory);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	for (char *at = text, *end; *at; at = *end ? end + 1 : end) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		/* 0 stands for one of another pid namespace; it dies with its agent. */
		if (pid > 0 && pid != getpid())
			kill((pid_t)pid, SIGKILL);
		any = true;
	}
	return any;
}

int group_remove(const char *path)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS / 10};

	lift_limits(path);
	for (int i = 0; i < TRIES; i++) {
		if (rmdir(path) == 0 || errno == ENOENT)
			return 0;
		if (errno != EBUSY)
			return -errno;
		kill_members(path);
		nanosleep(&pause, NULL);
		pause.tv_nsec = i < 20 ? PAUSE_NS / 10 : PAUSE_NS;
	}
	return -EBUSY;
}
