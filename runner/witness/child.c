#include "witness/child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/file.h"

/* Of one pid: itself; of several or none a negative errno. */
static pid_t only_one(const char *list)
{
	char *end;
	long pid = strtol(list, &end, 10);

	if (pid <= 0)
		return -ESRCH;
	return end[strspn(end, " \n")] ? -EMLINK : (pid_t)pid;
}

static pid_t parent_of(int proc_fd, const char *pid)
{
	struct err ignored = {0};
	char path[300], text[512];
	const char *after;

	snprintf(path, sizeof(path), "%.255s/stat", pid);
	if (file_read_at(proc_fd, path, text, sizeof(text), NULL, &ignored) < 0)
		return -1;
	/* "71 (a name) R 1 ...": the name may hold anything but ends at the last bracket. */
	after = strrchr(text, ')');
	return after && strlen(after) > 4 ? (pid_t)strtol(after + 4, NULL, 10) : -1;
}

/* Where the kernel does not list children (CONFIG_PROC_CHILDREN). */
static pid_t look_for_child(int proc_fd, pid_t parent)
{
	_Alignas(struct dirent64) char entries[4096];
	pid_t found = -ESRCH;
	long got;

	while ((got = syscall(SYS_getdents64, proc_fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < got;) {
			const struct dirent64 *entry = (const struct dirent64 *)(const void *)(entries + at);

			at += entry->d_reclen;
			if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
			    parent_of(proc_fd, entry->d_name) != parent)
				continue;
			if (found > 0)
				return -EMLINK;
			found = (pid_t)strtol(entry->d_name, NULL, 10);
		}
	}
	return found;
}

pid_t witness_child(pid_t parent)
{
	int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct err ignored = {0};
	char path[64], text[128];
	pid_t child;

	if (proc_fd == -1)
		return -errno;
	snprintf(path, sizeof(path), "%d/task/%d/children", parent, parent);
	if (file_read_at(proc_fd, path, text, sizeof(text), NULL, &ignored) == 0)
		child = only_one(text);
	else
		child = look_for_child(proc_fd, parent);
	close(proc_fd);
	return child;
}
