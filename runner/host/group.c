#include "host/group.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot/cgroup.h"
#include "support/file.h"

/* /proc/self/mountinfo of a host with many containers. */
#define MOUNTINFO_BYTES (1024 * 1024)

static int find_places(struct cgroup_places *ret, struct err *err)
{
	char *mountinfo = malloc(MOUNTINFO_BYTES), own[8192];
	size_t own_length = 0, mountinfo_length = 0;
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = mountinfo ? 0 : err_no_memory(err);

	if (status == 0)
		status = file_read_at(root_fd, "proc/self/cgroup", own, sizeof(own), &own_length, err);
	if (status == 0)
		status = file_read_at(root_fd, "proc/self/mountinfo", mountinfo, MOUNTINFO_BYTES, &mountinfo_length,
				      err);
	if (status == 0)
		cgroup_parse(own, own_length, mountinfo, mountinfo_length, ret);
	free(mountinfo);
	if (root_fd >= 0)
		close(root_fd);
	return status;
}

static bool hands_out(const struct cgroup_place *place, const char *controller)
{
	char path[CGROUP_PATH_BYTES + 32], text[512], *position = NULL;
	struct err ignored = {0};
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status;
	bool found = false;

	snprintf(path, sizeof(path), "%s/cgroup.subtree_control", place->directory + 1);
	status = file_read_at(root_fd, path, text, sizeof(text), NULL, &ignored);
	close(root_fd);
	for (char *word = status < 0 ? NULL : strtok_r(text, " \n", &position); word;
	     word = strtok_r(NULL, " \n", &position))
		found |= strcmp(word, controller) == 0;
	return found;
}

static bool wants_memory(const struct configuration *configuration)
{
	return configuration_find(configuration, KNOB_MEMORY_MAX) || configuration_find(configuration, KNOB_SWAP_MAX);
}

/* v2: the nearest cgroup from ours upwards that hands out what is asked for. */
static bool find_v2(struct cgroup_place *place, const struct configuration *configuration)
{
	bool memory = wants_memory(configuration), pids = configuration_find(configuration, KNOB_PIDS_MAX) != NULL;

	if (!place->member || !place->mounted)
		return false;
	do {
		if ((!memory || hands_out(place, "memory")) && (!pids || hands_out(place, "pids")))
			return true;
	} while (cgroup_up(place));
	return false;
}

static int write_limit(const char *directory, const char *file, uint64_t value, const char *unlimited, struct err *err)
{
	char path[1200], text[32];
	int fd, status = 0;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	if (value == UNLIMITED)
		snprintf(text, sizeof(text), "%s", unlimited);
	else
		snprintf(text, sizeof(text), "%" PRIu64, value);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd == -1 || write(fd, text, strlen(text)) == -1)
		status = err_set_errno(err, errno, "cannot write %s to %s", text, path);
	if (fd >= 0)
		close(fd);
	return status;
}

/* v1 limits memory and swap by their sum. */
static int limit_v1_swap(const char *directory, const struct setting *memory, const struct setting *swap,
			 struct err *err)
{
	if (swap->value == UNLIMITED)
		return write_limit(directory, "memory.memsw.limit_in_bytes", UNLIMITED, "-1", err);
	if (!memory || memory->value == UNLIMITED) {
		err_set(err, ENOTSUP,
			"cannot set cgroup.memory.swap.max alone: cgroup v1 limits memory and swap by their sum");
		return err_advise(err, "set cgroup.memory.max, too");
	}
	return write_limit(directory, "memory.memsw.limit_in_bytes", memory->value + swap->value, "-1", err);
}

static void open_pids_max(const char *directory, uint64_t value, struct group *ret)
{
	char path[1200];

	snprintf(path, sizeof(path), "%s/pids.max", directory);
	ret->pids_max_fd = open(path, O_WRONLY | O_CLOEXEC);
	ret->pids_max = value;
}

static int set_limits(const char *directory, bool v2, bool memory_part, bool pids_part,
		      const struct configuration *configuration, struct group *ret, struct err *err)
{
	const struct setting *memory = configuration_find(configuration, KNOB_MEMORY_MAX);
	const struct setting *swap = configuration_find(configuration, KNOB_SWAP_MAX);
	const struct setting *pids = configuration_find(configuration, KNOB_PIDS_MAX);
	int status = 0;

	if (memory_part && memory)
		status = write_limit(directory, v2 ? "memory.max" : "memory.limit_in_bytes", memory->value,
				     v2 ? "max" : "-1", err);
	if (status == 0 && memory_part && swap)
		status = v2 ? write_limit(directory, "memory.swap.max", swap->value, "max", err)
			    : limit_v1_swap(directory, memory, swap, err);
	if (status == 0 && pids_part && pids)
		status = write_limit(directory, "pids.max", pids->value, "max", err);
	if (status == 0 && pids_part && pids && pids->value != UNLIMITED)
		open_pids_max(directory, pids->value, ret);
	return status;
}

static int make_part(const struct cgroup_place *place, unsigned number, struct journal *journal, char *directory,
		     size_t size, struct group *ret, struct err *err)
{
	char procs[1200];
	int status;

	if ((size_t)snprintf(directory, size, "%s/" JOURNAL_NAME "%d-%u", place->directory, getpid(), number) >= size)
		return err_set(err, ENAMETOOLONG, "cannot make a cgroup below %.200s: its name is too long",
			       place->directory);
	status = journal_group(journal, directory);
	if (status == 0)
		status = journal_sync(journal);
	if (status < 0)
		return err_set_errno(err, -status, "cannot write %s", JOURNAL_PATH);
	if (mkdir(directory, 0755) == -1)
		return err_set_errno(err, errno, "cannot make the cgroup %.300s", directory);
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", directory);
	ret->procs_fds[ret->count] = open(procs, O_WRONLY | O_CLOEXEC);
	if (ret->procs_fds[ret->count] == -1)
		return err_set_errno(err, errno, "cannot open %.300s", procs);
	ret->count++;
	return 0;
}

static int none_here(const char *what, struct err *err)
{
	err_set(err, ENOTSUP, "cannot make a cgroup: none here hands out the %s controller", what);
	return err_advise(err, "look at cgroup.controllers and cgroup.subtree_control below /sys/fs/cgroup");
}

static int make_v1(struct cgroup_places *places, const struct configuration *configuration, unsigned number,
		   struct journal *journal, struct group *ret, struct err *err)
{
	char directory[1100];
	const struct cgroup_place *memory = &places->tree[CGROUP_V1_MEMORY], *pids = &places->tree[CGROUP_V1_PIDS];
	bool wants_pids = configuration_find(configuration, KNOB_PIDS_MAX) != NULL;
	int status = 0;

	if (wants_memory(configuration)) {
		if (!memory->member || !memory->mounted)
			return none_here("memory", err);
		status = make_part(memory, number, journal, directory, sizeof(directory), ret, err);
		if (status == 0)
			status = set_limits(directory, false, true, false, configuration, ret, err);
	}
	if (status == 0 && wants_pids) {
		if (!pids->member || !pids->mounted)
			return none_here("pids", err);
		status = make_part(pids, number, journal, directory, sizeof(directory), ret, err);
		if (status == 0)
			status = set_limits(directory, false, false, true, configuration, ret, err);
	}
	return status;
}

int group_make(const struct configuration *configuration, unsigned number, struct journal *journal, struct group *ret,
	       struct err *err)
{
	struct cgroup_places places = {0};
	char directory[1100];
	int status;

	*ret = (struct group){.procs_fds = {-1, -1}, .pids_max_fd = -1};
	if (!wants_memory(configuration) && !configuration_find(configuration, KNOB_PIDS_MAX))
		return 0;
	status = find_places(&places, err);
	if (status < 0)
		return status;
	if (find_v2(&places.tree[CGROUP_V2], configuration)) {
		status = make_part(&places.tree[CGROUP_V2], number, journal, directory, sizeof(directory), ret, err);
		if (status == 0)
			status = set_limits(directory, true, true, true, configuration, ret, err);
	} else {
		status = make_v1(&places, configuration, number, journal, ret, err);
	}
	if (status < 0)
		group_close(ret);
	return status;
}

void group_close(struct group *group)
{
	for (unsigned i = 0; i < group->count; i++)
		close(group->procs_fds[i]);
	if (group->pids_max_fd >= 0)
		close(group->pids_max_fd);
	*group = (struct group){.procs_fds = {-1, -1}, .pids_max_fd = -1};
}
