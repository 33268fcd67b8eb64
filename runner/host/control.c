#include "host/control.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/swap.h"
#include "support/file.h"

static int need_root(struct err *err)
{
	if (geteuid() == 0 && access("/proc/sys/vm/max_map_count", W_OK) == 0)
		return 0;
	err_set(err, EPERM, "cannot change settings of this machine: %s",
		geteuid() == 0 ? "/proc/sys cannot be written here" : "only root can");
	return err_advise(err,
			  "run it as root on the machine itself; --dry-run needs no right and shows the predictions");
}

int control_begin(struct control *control, lock_waiting *waiting, void *context, restore_say *say, struct err *err)
{
	int status = need_root(err);

	control->lock_fd = control->journal.fd = -1;
	control->journal.text = NULL;
	control->changed = false;
	control->push_count = control->groups = 0;
	control->group = (struct group){.procs_fds = {-1, -1}, .pids_max_fd = -1};
	for (int i = 0; i < GUARDIANS; i++)
		control->guardians.life[i] = -1;
	if (status == 0)
		status = lock_take(true, waiting, context, &control->lock_fd, err);
	if (status == 0 && (status = restore_all(say)) < 0)
		err_set_errno(err, -status, "cannot put back what an earlier run left");
	if (status == 0 && restore_prepare() < 0)
		status = err_no_memory(err);
	if (status == 0)
		status = guardians_start(&control->guardians, err);
	if (status < 0)
		control_end(control);
	return status;
}

/* Every change is in the journal, on disk, before it is made. */
static int begin_changes(struct control *control, struct err *err)
{
	int status = control->changed ? 0 : journal_begin(&control->journal, err);

	control->changed |= status == 0;
	return status;
}

static int sync_journal(struct control *control, int status, struct err *err)
{
	if (status == 0)
		status = journal_sync(&control->journal);
	return status < 0 ? err_set_errno(err, -status, "cannot write %s", JOURNAL_PATH) : 0;
}

static int note(struct control *control, const char *file, const char *value)
{
	char before[SYSCTL_VALUE_BYTES];
	int status = 0;

	if (!journal_before(control->journal.text, file, before, sizeof(before)))
		status = sysctl_read(file, before);
	return status < 0 ? status : journal_sysctl(&control->journal, file, before, value);
}

/* Writing one of ratio and kbytes makes the other 0: both are noted. */
static int note_with_twin(struct control *control, const struct knob *knob, const char *value)
{
	int status = note(control, knob->file, value);

	if (status == 0 && knob->id == KNOB_OVERCOMMIT_RATIO)
		status = note(control, knob_of(KNOB_OVERCOMMIT_KBYTES)->file, "0");
	if (status == 0 && knob->id == KNOB_OVERCOMMIT_KBYTES)
		status = note(control, knob_of(KNOB_OVERCOMMIT_RATIO)->file, "0");
	return status;
}

static int refuse_value(const struct setting *setting, int status, struct err *err)
{
	char value[32];

	err_set_errno(err, -status, "cannot set %s to %s", setting->knob->name,
		      setting_format(setting, value, sizeof(value)));
	if (status == -EINVAL)
		return err_advise(err, "the kernel does not take this value");
	return status;
}

static int set_sysctl(const struct setting *setting, struct err *err)
{
	char value[SYSCTL_VALUE_BYTES], now[SYSCTL_VALUE_BYTES];
	int status;

	snprintf(value, sizeof(value), "%" PRIu64, setting->value);
	status = sysctl_write(setting->knob->file, value);
	if (status < 0)
		return refuse_value(setting, status, err);
	status = sysctl_read(setting->knob->file, now);
	if (status < 0 || strcmp(now, value) == 0)
		return status < 0 ? refuse_value(setting, status, err) : 0;
	err_set(err, ENOMEM, "cannot set %s to %s: it became %s", setting->knob->name, value, now);
	return err_advise(err, setting->knob->id == KNOB_NR_HUGEPAGES ? "there are no more free huge pages"
								      : "the kernel gave it another value");
}

static bool is_sysctl(const struct setting *setting)
{
	return setting->knob->file && setting->knob->scope == SCOPE_MACHINE;
}

static int note_all(struct control *control, const struct configuration *configuration, const char *swap_path)
{
	char value[SYSCTL_VALUE_BYTES];
	int status = 0;

	for (unsigned i = 0; i < configuration->count && status == 0; i++) {
		const struct setting *setting = &configuration->settings[i];

		snprintf(value, sizeof(value), "%" PRIu64, setting->value);
		if (is_sysctl(setting))
			status = note_with_twin(control, setting->knob, value);
		else if (setting->knob->id == KNOB_SWAP)
			status = journal_swap(&control->journal, swap_path);
	}
	return status;
}

/* The mode last: what bounds it is then in force. */
static int set_all(const struct configuration *configuration, const char *swap_path, struct err *err)
{
	const struct setting *mode = configuration_find(configuration, KNOB_OVERCOMMIT_MEMORY);
	int status = 0;

	for (unsigned i = 0; i < configuration->count && status == 0; i++) {
		const struct setting *setting = &configuration->settings[i];

		if (setting->knob->id == KNOB_SWAP)
			status = swap_make(swap_path, setting->value, err);
		else if (is_sysctl(setting) && setting != mode)
			status = set_sysctl(setting, err);
	}
	return status == 0 && mode ? set_sysctl(mode, err) : status;
}

static void read_in_force(struct control *control)
{
	if (sysctl_read(knob_of(KNOB_MAX_MAP_COUNT)->file, control->max_map_count) < 0 ||
	    sysctl_read(knob_of(KNOB_OVERCOMMIT_RATIO)->file, control->ratio) < 0 ||
	    sysctl_read(knob_of(KNOB_OVERCOMMIT_KBYTES)->file, control->kbytes) < 0)
		control->max_map_count[0] = '\0'; /* then nothing is pushed */
}

int control_configure(struct control *control, const struct configuration *configuration, struct err *err)
{
	char swap_path[64];
	struct err ignored = {0};
	int status = 0;

	snprintf(swap_path, sizeof(swap_path), JOURNAL_DIRECTORY "/" JOURNAL_NAME "swap-%d", getpid());
	if (configuration_changes_machine(configuration)) {
		status = begin_changes(control, err);
		if (status == 0)
			status = sync_journal(control, note_all(control, configuration, swap_path), err);
		if (status == 0)
			status = set_all(configuration, swap_path, err);
	}
	if (status < 0)
		control_put_back(control, &ignored);
	else
		read_in_force(control);
	return status;
}

int control_put_back(struct control *control, struct err *err)
{
	int status;

	if (!control->changed)
		return 0;
	journal_close(&control->journal);
	status = restore_all(NULL);
	control->changed = status < 0;
	control->push_count = 0;
	if (status < 0) {
		err_set_errno(err, -status, "cannot put back the machine's settings");
		return err_advise(err, "`enomem restore` tries again, and says what stands in the way");
	}
	return 0;
}

void control_end(struct control *control)
{
	struct err err = {0};

	if (control->lock_fd < 0)
		return;
	control_put_back(control, &err);
	guardians_dismiss(&control->guardians);
	journal_free(&control->journal);
	close(control->lock_fd);
	control->lock_fd = -1;
}
