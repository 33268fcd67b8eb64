/* A cell's cgroup in a guest: version 2, of which nobody else has a part. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/guest/guest.h"

#define GROUP "/sys/fs/cgroup/cell"

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int status = fd < 0 || write(fd, text, strlen(text)) == -1 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return status;
}

static int set_limit(const struct configuration *configuration, enum knob_id id, struct err *err)
{
	const struct setting *setting = configuration_find(configuration, id);
	const char *file = knob_of(id)->name + strlen("cgroup.");
	char path[96], value[24];
	int status;

	if (!setting)
		return 0;
	snprintf(path, sizeof(path), GROUP "/%s", file);
	snprintf(value, sizeof(value), "%" PRIu64, setting->value);
	status = write_file(path, setting->value == UNLIMITED ? "max" : value);
	if (status == -ENOENT)
		return err_set(err, ENOTSUP, "cannot set %s: the guest's kernel has no such cgroup controller",
			       knob_of(id)->name);
	return status < 0 ? err_set_errno(err, -status, "cannot set %s in the guest", knob_of(id)->name) : 0;
}

int guest_group_make(const struct configuration *configuration, struct group *ret, struct err *err)
{
	static const enum knob_id limits[] = {KNOB_MEMORY_MAX, KNOB_SWAP_MAX, KNOB_PIDS_MAX};
	const struct setting *pids = configuration_find(configuration, KNOB_PIDS_MAX);
	int status = 0;

	*ret = (struct group){.procs_fds = {-1, -1}, .pids_max_fd = -1};
	if (!pids && !configuration_find(configuration, KNOB_MEMORY_MAX) &&
	    !configuration_find(configuration, KNOB_SWAP_MAX))
		return 0;
	if (mkdir(GROUP, 0755) == -1)
		return err_set(err, ENOTSUP, "cannot make a cgroup: the guest's kernel has no cgroup v2");
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits) && status == 0; i++)
		status = set_limit(configuration, limits[i], err);
	if (status < 0)
		return status;
	ret->procs_fds[0] = open(GROUP "/cgroup.procs", O_WRONLY | O_CLOEXEC);
	ret->pids_max_fd = open(GROUP "/pids.max", O_WRONLY | O_CLOEXEC);
	ret->pids_max = pids ? pids->value : UNLIMITED;
	ret->count = 1;
	return 0;
}

void guest_group_remove(struct group *group)
{
	if (group->procs_fds[0] >= 0)
		close(group->procs_fds[0]);
	if (group->pids_max_fd >= 0)
		close(group->pids_max_fd);
	*group = (struct group){.procs_fds = {-1, -1}, .pids_max_fd = -1};
	/* The cell is dead already, or dying: its agent was killed and reaped. */
	write_file(GROUP "/memory.max", "max");
	for (int tries = 0; rmdir(GROUP) == -1 && errno == EBUSY && tries < 500; tries++)
		usleep(10000);
}
