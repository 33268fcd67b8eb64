/* What traces of processes that died left behind. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/file.h"
#include "witness/probe.h"
#include "witness/trace.h"
#include "witness/tracefs.h"

/* What was meant to go, and whether it went. */
struct sweep {
	unsigned removed, left;
};

static void count(struct sweep *sweep, bool removed)
{
	sweep->removed += removed;
	sweep->left += !removed;
}

/* `maker` 0: that of any process that is dead. What has our own number before we begin is of one that had it before. */
static bool is_meant(pid_t pid, pid_t maker)
{
	return maker ? pid == maker : pid == getpid() || (kill(pid, 0) == -1 && errno == ESRCH);
}

static bool read_group(const char *name, pid_t *ret_pid)
{
	size_t length = strlen(TRACE_GROUP);
	char *end;
	long pid;

	if (strncmp(name, TRACE_GROUP, length) != 0)
		return false;
	pid = strtol(name + length, &end, 10);
	*ret_pid = (pid_t)pid;
	return pid > 0 && pid <= 1 << 22 && (*end == '\0' || *end == '/');
}

bool trace_is_ours(const char *line, char *ret_event, size_t size, pid_t *ret_pid)
{
	const char *event = strchr(line, ':');
	size_t length = event ? strcspn(event + 1, " \n") : 0;

	if (length == 0 || length >= size || !read_group(event + 1, ret_pid))
		return false;
	memcpy(ret_event, event + 1, length);
	ret_event[length] = '\0';
	return strchr(ret_event, '/') != NULL;
}

/* Also switches off what it traced, so that its probes can go. */
static void sweep_instances(int tracefs_fd, pid_t maker, struct sweep *ret)
{
	int fd = openat(tracefs_fd, "instances", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	pid_t pid;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(directory))) {
		if (read_group(entry->d_name, &pid) && is_meant(pid, maker))
			count(ret, unlinkat(fd, entry->d_name, AT_REMOVEDIR) == 0);
	}
	closedir(directory);
}

/* The first probe that is meant, after `skip` others. */
struct search {
	pid_t maker;
	unsigned skip;
	bool found;
	char line[256], event[128];
	size_t length;
};

static void take_line(struct search *search)
{
	char event[sizeof(search->event)];
	pid_t pid;

	search->line[search->length] = '\0';
	search->length = 0;
	if (search->found || !trace_is_ours(search->line, event, sizeof(event), &pid) || !is_meant(pid, search->maker))
		return;
	if (search->skip) {
		search->skip--;
		return;
	}
	memcpy(search->event, event, sizeof(event));
	search->found = true;
}

static void take_piece(void *context, const char *text, size_t length)
{
	struct search *search = context;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			take_line(search);
		else if (search->length < sizeof(search->line) - 1)
			search->line[search->length++] = text[i];
	}
}

/* One after the other, each looked for anew: removing one moves the rest of the file. */
static void sweep_probes(int tracefs_fd, pid_t maker, struct sweep *ret)
{
	struct err ignored = {0};
	unsigned left = 0;

	for (;;) {
		struct search search = {.maker = maker, .skip = left};
		bool removed;
		char order[160];

		if (file_read_pieces_at(tracefs_fd, "kprobe_events", take_piece, &search, &ignored) < 0 ||
		    !search.found)
			return;
		snprintf(order, sizeof(order), "-:%s\n", search.event);
		removed = tracefs_append(tracefs_fd, "kprobe_events", order) == 0;
		count(ret, removed);
		left += !removed;
	}
}

unsigned trace_sweep(int tracefs_fd)
{
	struct sweep sweep = {0};

	sweep_instances(tracefs_fd, 0, &sweep);
	sweep_probes(tracefs_fd, 0, &sweep);
	return sweep.removed;
}

bool trace_remove(struct trace *trace)
{
	struct sweep sweep = {0};
	pid_t maker;

	if (!read_group(trace->group, &maker))
		return true;
	if (trace->instance_fd >= 0)
		close(trace->instance_fd);
	trace->instance_fd = -1;
	sweep_instances(trace->root_fd, maker, &sweep);
	sweep_probes(trace->root_fd, maker, &sweep);
	return sweep.left == 0;
}
