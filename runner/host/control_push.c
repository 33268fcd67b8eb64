/* Pushes: settings raised while a refusal stands; and what belongs to one cell only. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/control.h"
#include "snapshot/snapshot.h"

int control_group(struct control *control, const struct configuration *configuration, struct err *err)
{
	int status = 0;

	if (!configuration_find(configuration, KNOB_MEMORY_MAX) && !configuration_find(configuration, KNOB_SWAP_MAX) &&
	    !configuration_find(configuration, KNOB_PIDS_MAX))
		return 0;
	if (!control->changed) {
		status = journal_begin(&control->journal, err);
		control->changed = status == 0;
	}
	return status < 0 ? status
			  : group_make(configuration, control->groups++, &control->journal, &control->group, err);
}

/* CommitLimit without swap, which is what vm.overcommit_kbytes says. */
static int commit_kib(uint64_t *ret, struct err *err)
{
	struct machine_snapshot machine;
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = snapshot_read_machine(root_fd, &machine, err);

	if (root_fd >= 0)
		close(root_fd);
	*ret = machine.commit_limit_kib - (machine.swap_total_kib < UNKNOWN ? machine.swap_total_kib : 0);
	return status;
}

static int raised_value(const struct control *control, enum knob_id id, uint64_t amount, char *value, struct err *err)
{
	uint64_t base = 0;
	int status = 0;

	if (id == KNOB_MAX_MAP_COUNT)
		base = strtoull(control->max_map_count, NULL, 10);
	else if (id == KNOB_PIDS_MAX)
		base = control->group.pids_max;
	else
		status = commit_kib(&base, err);
	if (status == 0 && (control->max_map_count[0] == '\0' || base + amount > knob_of(id)->most))
		status = err_set(err, ERANGE, "cannot raise %s: there is no room above", knob_of(id)->name);
	snprintf(value, SYSCTL_VALUE_BYTES, "%" PRIu64, base + amount);
	return status;
}

/* In the journal beside the value that is raised stands that which it will be given back. */
static int note_push(struct control *control, const struct knob *knob, const char *value)
{
	const struct knob *ratio = knob_of(KNOB_OVERCOMMIT_RATIO);
	int status;

	/* The cgroup goes with the cell, whatever its limits. */
	if (knob->id == KNOB_PIDS_MAX)
		return 0;
	status = journal_sysctl(&control->journal, knob->file,
				knob->id == KNOB_MAX_MAP_COUNT ? control->max_map_count : control->kbytes, value);

	if (status == 0 && knob->id == KNOB_OVERCOMMIT_KBYTES)
		status = journal_sysctl(&control->journal, ratio->file, control->ratio, "0");
	return status < 0 ? status : journal_sync(&control->journal);
}

int control_plan_push(struct control *control, enum knob_id id, uint64_t amount, unsigned *ret_number, struct err *err)
{
	struct control_push *push = &control->pushes[control->push_count];
	int status;

	if (control->push_count == CONTROL_PUSHES_MOST)
		return err_set(err, ENOSPC, "cannot raise more than %d settings for one cell", CONTROL_PUSHES_MOST);
	*push = (struct control_push){.knob = knob_of(id)};
	status = raised_value(control, id, amount, push->value, err);
	if (status == 0 && !control->changed) {
		status = journal_begin(&control->journal, err);
		control->changed = status == 0;
	}
	if (status < 0)
		return status;
	status = note_push(control, push->knob, push->value);
	if (status < 0)
		return err_set_errno(err, -status, "cannot write %s", JOURNAL_PATH);
	*ret_number = control->push_count++;
	return 0;
}

int control_push(struct control *control, unsigned number)
{
	struct control_push *push = &control->pushes[number];

	if (number >= control->push_count || push->made)
		return -EINVAL;
	push->made = true;
	if (push->knob->id != KNOB_PIDS_MAX)
		return sysctl_write(push->knob->file, push->value);
	return write(control->group.pids_max_fd, push->value, strlen(push->value)) == -1 ? -errno : 0;
}

static int take_back(const struct control *control, const struct control_push *push)
{
	if (push->knob->id == KNOB_PIDS_MAX)
		return 0;
	if (push->knob->id == KNOB_MAX_MAP_COUNT)
		return sysctl_write(push->knob->file, control->max_map_count);
	/* The one that is not 0 was in force; writing it makes the other 0. */
	if (strcmp(control->kbytes, "0") != 0)
		return sysctl_write(push->knob->file, control->kbytes);
	return sysctl_write(knob_of(KNOB_OVERCOMMIT_RATIO)->file, control->ratio);
}

static int remove_groups(const struct control *control)
{
	char path[1100];
	int status = 0;

	for (unsigned i = 0; journal_path(control->journal.text, "group", i, path, sizeof(path)); i++) {
		int next = access(path, F_OK) == 0 ? group_remove(path) : 0;

		status = status ? status : next;
	}
	return status;
}

int control_settle(struct control *control, struct err *err)
{
	int status = 0;

	for (unsigned i = 0; i < control->push_count; i++) {
		int next = control->pushes[i].made ? take_back(control, &control->pushes[i]) : 0;

		status = status ? status : next;
	}
	control->push_count = 0;
	group_close(&control->group);
	if (control->changed) {
		int next = remove_groups(control);

		status = status ? status : next;
		control->groups = 0;
	}
	guardians_watch(&control->guardians);
	return status < 0 ? err_set_errno(err, -status, "cannot take back what a cell changed") : 0;
}
