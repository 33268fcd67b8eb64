/*
 * The one place from which settings of this machine are changed: lock, journal, guardians.
 *
 *   control_begin      the lock alone; what an earlier run left is put back; guardians
 *   control_configure  a configuration's settings come into force
 *   control_push       one of them is raised while a refusal stands
 *   control_settle     as it was before the pushes
 *   control_put_back   as it was before control_configure()
 *   control_end
 */
#ifndef ENOMEM_HOST_CONTROL_H
#define ENOMEM_HOST_CONTROL_H

#include "host/group.h"
#include "host/guardian.h"
#include "host/journal.h"
#include "host/lock.h"
#include "host/restore.h"
#include "host/sysctl.h"
#include "plan/configuration.h"

/* A raised value, journaled before the cell starts, since at the refusal there may be no memory. */
struct control_push {
	const struct knob *knob;
	char value[SYSCTL_VALUE_BYTES];
	bool made;
};

#define CONTROL_PUSHES_MOST 4

struct control {
	int lock_fd;  /* -1: not begun */
	bool changed; /* there is a journal of ours */
	struct journal journal;
	struct guardians guardians;
	/* What is in force now, without pushes: text of the sysctls. */
	char max_map_count[SYSCTL_VALUE_BYTES], ratio[SYSCTL_VALUE_BYTES], kbytes[SYSCTL_VALUE_BYTES];
	struct control_push pushes[CONTROL_PUSHES_MOST];
	unsigned push_count;
	unsigned groups;    /* made since the last control_settle(), for their names */
	struct group group; /* of the cell that runs */
};

/*
 * Become the one that may change the machine. -EPERM without real root, -EINTR when `waiting` gave up.
 * `say` hears what is put back. Release with control_end(),
 * which takes a zeroed one with lock_fd -1 too.
 */
int control_begin(struct control *control, lock_waiting *waiting, void *context, restore_say *say, struct err *err);
void control_end(struct control *control);

/*
 * Bring the settings that change the machine into force. When one is refused, all are put back.
 * -EINVAL when the kernel does not take a value.
 */
int control_configure(struct control *control, const struct configuration *configuration, struct err *err);

/* A cgroup for the next cell, as its configuration says: control->group; removed by control_settle(). */
int control_group(struct control *control, const struct configuration *configuration, struct err *err);

/*
 * Prepare to raise vm.max_map_count by `amount`, CommitLimit (KNOB_OVERCOMMIT_KBYTES) by `amount` KiB, or
 * pids.max of the cell's cgroup, which control_group() has made. `ret_number` is for control_push(), which uses no
 * heap; each can be made once.
 */
int control_plan_push(struct control *control, enum knob_id id, uint64_t amount, unsigned *ret_number, struct err *err);
int control_push(struct control *control, unsigned number);

/* After a cell: pushes are taken back, its cgroup is removed, dead guardians are replaced. */
int control_settle(struct control *control, struct err *err);

int control_put_back(struct control *control, struct err *err);

#endif
