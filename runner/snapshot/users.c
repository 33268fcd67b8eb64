#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "snapshot/snapshot.h"
#include "snapshot/text.h"
#include "support/file.h"

struct owner {
	uint64_t uid, threads;
};

/* "Uid:" real, effective, saved, file system. */
static bool read_owner(int root_fd, const char *pid, struct owner *ret)
{
	static const struct text_row rows[] = {
		{"Uid:", offsetof(struct owner, uid)},
		{"Threads:", offsetof(struct owner, threads)},
	};
	char path[64], text[16384];
	size_t length = 0;
	struct err ignored = {0};

	snprintf(path, sizeof(path), "proc/%.20s/status", pid);
	if (file_read_at(root_fd, path, text, sizeof(text), &length, &ignored) < 0)
		return false;
	text_read_rows((struct text){text, length}, rows, 2, ret);
	return ret->uid != UNKNOWN && ret->threads != UNKNOWN;
}

uint64_t snapshot_count_user_processes(int root_fd, pid_t pid)
{
	char name[24];
	struct owner own, other;
	uint64_t count = 0;
	struct dirent *entry;
	int fd = openat(root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *proc = fd < 0 ? NULL : fdopendir(fd);

	if (!proc && fd >= 0)
		close(fd);
	snprintf(name, sizeof(name), "%d", (int)pid);
	if (!proc || !read_owner(root_fd, name, &own)) {
		if (proc)
			closedir(proc);
		return UNKNOWN;
	}
	while ((entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]) && read_owner(root_fd, entry->d_name, &other) &&
		    other.uid == own.uid)
			count += other.threads;
	}
	closedir(proc);
	return count;
}
