#include "host/in_use.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/file.h"

/* As many processes as fit into a sentence. */
#define LISTED_MOST 5

struct users {
	char list[300];
	unsigned count;
};

static void count_piece(void *context, const char *text, size_t length)
{
	maps_counter_add(context, text, length);
}

static void add_user(int root_fd, const char *pid, uint64_t maps, struct users *users)
{
	size_t used = strlen(users->list);
	char path[64], name[32] = "?";
	struct err ignored = {0};

	if (users->count++ >= LISTED_MOST)
		return;
	snprintf(path, sizeof(path), "proc/%.20s/comm", pid);
	file_read_at(root_fd, path, name, sizeof(name), NULL, &ignored);
	name[strcspn(name, "\n")] = '\0';
	snprintf(users->list + used, sizeof(users->list) - used, "%sprocess %.20s (%s) has %" PRIu64, used ? ", " : "",
		 pid, name, maps);
}

/* A process has as many maps as lines; the limit may be reached, and mmap goes one above. */
static void look_at(int root_fd, const char *pid, uint64_t limit, struct users *users)
{
	struct maps_counter counter = {0};
	struct err ignored = {0};
	char path[64];

	snprintf(path, sizeof(path), "proc/%.20s/maps", pid);
	if (file_read_pieces_at(root_fd, path, count_piece, &counter, &ignored) < 0)
		return;
	if (maps_counter_value(&counter) > limit)
		add_user(root_fd, pid, maps_counter_value(&counter), users);
}

static int check_maps(int root_fd, uint64_t limit, struct err *err)
{
	struct users users = {0};
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	if (!proc)
		return err_set_errno(err, errno, "cannot list /proc");
	while ((entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			look_at(root_fd, entry->d_name, limit, &users);
	}
	closedir(proc);
	if (users.count == 0)
		return 0;
	return err_set(err, EBUSY, "cannot set vm.max_map_count to %" PRIu64 ": running processes have more maps: %s%s",
		       limit, users.list, users.count > LISTED_MOST ? ", and others" : "");
}

static int check_commit(const struct machine_snapshot *now, const struct configuration *configuration,
			uint64_t page_bytes, struct err *err)
{
	struct machine_snapshot then = *now;

	configuration_imagine(configuration, page_bytes, &then);
	if (then.overcommit_memory != 2 || then.commit_limit_kib >= UNKNOWN || now->committed_as_kib >= UNKNOWN ||
	    now->committed_as_kib < then.commit_limit_kib)
		return 0;
	return err_set(err, EBUSY,
		       "cannot set vm.overcommit_memory to 2: CommitLimit would be %" PRIu64
		       " KiB, and running processes have committed %" PRIu64 " KiB",
		       then.commit_limit_kib, now->committed_as_kib);
}

/* "0.09 0.10 0.12 3/85 28451": the number after the slash is that of all threads. */
static uint64_t count_threads(int root_fd)
{
	char text[128];
	struct err ignored = {0};
	const char *slash;

	if (file_read_at(root_fd, "proc/loadavg", text, sizeof(text), NULL, &ignored) < 0)
		return 0;
	slash = strchr(text, '/');
	return slash ? strtoull(slash + 1, NULL, 10) : 0;
}

static int check_threads(int root_fd, const struct setting *setting, struct err *err)
{
	uint64_t threads = setting ? count_threads(root_fd) : 0;

	if (!setting || threads < setting->value)
		return 0;
	return err_set(err, EBUSY, "cannot set %s to %" PRIu64 ": %" PRIu64 " threads run", setting->knob->name,
		       setting->value, threads);
}

int in_use_check(const struct configuration *configuration, uint64_t page_bytes, struct err *err)
{
	const struct setting *maps = configuration_find(configuration, KNOB_MAX_MAP_COUNT);
	struct machine_snapshot now;
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = snapshot_read_machine(root_fd, &now, err);

	if (status == 0)
		status = check_commit(&now, configuration, page_bytes, err);
	if (status == 0 && maps && maps->value < now.max_map_count)
		status = check_maps(root_fd, maps->value, err);
	if (status == 0)
		status = check_threads(root_fd, configuration_find(configuration, KNOB_THREADS_MAX), err);
	if (status == 0)
		status = check_threads(root_fd, configuration_find(configuration, KNOB_PID_MAX), err);
	if (root_fd >= 0)
		close(root_fd);
	if (status == -EBUSY)
		err_advise(err, "end them or choose another value; --below-use sets it all the same");
	return status;
}
