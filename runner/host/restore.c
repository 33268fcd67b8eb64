#include "host/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/group.h"
#include "host/journal.h"
#include "host/swap.h"
#include "host/sysctl.h"
#include "plan/knob.h"

static void tell(restore_say *say, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(restore_say *say, const char *format, ...)
{
	char line[1400];
	va_list arguments;

	if (!say)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	say(line);
}

/* What became of a sysctl since the journal was begun. */
enum drift { SAME, OURS, FOREIGN, NOT_CHANGED };

struct value {
	char before[SYSCTL_VALUE_BYTES], now[SYSCTL_VALUE_BYTES];
	enum drift drift;
};

/* The kernel gives as many huge pages as it can find, so anything on the way to what was asked for is ours. */
static bool on_the_way(const char *text, const struct knob *knob, const struct value *value)
{
	return knob->id == KNOB_NR_HUGEPAGES && journal_gave_beyond(text, knob->file, value->now);
}

static int look(const char *text, const struct knob *knob, struct value *ret)
{
	int status;

	ret->drift = NOT_CHANGED;
	if (!journal_before(text, knob->file, ret->before, sizeof(ret->before)))
		return 0;
	status = sysctl_read(knob->file, ret->now);
	if (status < 0)
		return status;
	if (strcmp(ret->before, ret->now) == 0)
		ret->drift = SAME;
	else if (journal_gave(text, knob->file, ret->now) || on_the_way(text, knob, ret))
		ret->drift = OURS;
	else
		ret->drift = FOREIGN;
	return 0;
}

static void tell_foreign(const struct knob *knob, const struct value *value, restore_say *say)
{
	tell(say,
	     "%s is %s, which is neither what it was (%s) nor what enomem made it: somebody else has set it, so it "
	     "stays",
	     knob->name, value->now, value->before);
}

static int put_back(const struct knob *knob, const struct value *value, restore_say *say)
{
	int status = sysctl_write(knob->file, value->before);

	if (status < 0)
		tell(say, "%s could not be put back to %s: %s", knob->name, value->before, strerror(-status));
	else
		tell(say, "%s put back to %s (was %s)", knob->name, value->before, value->now);
	return status;
}

static int restore_sysctl(const char *text, const struct knob *knob, restore_say *say)
{
	struct value value;
	int status = look(text, knob, &value);

	if (status < 0 || value.drift == NOT_CHANGED || value.drift == SAME)
		return status;
	if (value.drift == OURS)
		return put_back(knob, &value, say);
	tell_foreign(knob, &value, say);
	return 0;
}

/*
 * Writing vm.overcommit_kbytes, even 0, makes vm.overcommit_ratio 0, and the other way round
 * (mm/util.c): only the one that was in force is written, and only when both are as enomem left them.
 */
static int restore_commit_limit(const char *text, restore_say *say)
{
	const struct knob *ratio = knob_of(KNOB_OVERCOMMIT_RATIO), *kbytes = knob_of(KNOB_OVERCOMMIT_KBYTES);
	struct value r = {.drift = NOT_CHANGED}, k = {.drift = NOT_CHANGED};
	int status = look(text, ratio, &r);

	if (status == 0)
		status = look(text, kbytes, &k);
	if (status < 0 || r.drift == NOT_CHANGED || k.drift == NOT_CHANGED || (r.drift == SAME && k.drift == SAME))
		return status;
	if (r.drift == FOREIGN || k.drift == FOREIGN) {
		tell_foreign(r.drift == FOREIGN ? ratio : kbytes, r.drift == FOREIGN ? &r : &k, say);
		return 0;
	}
	return strcmp(k.before, "0") != 0 ? put_back(kbytes, &k, say) : put_back(ratio, &r, say);
}

/* Memory can be had again first of all. */
static int restore_sysctls(const char *text, restore_say *say)
{
	int status = restore_sysctl(text, knob_of(KNOB_OVERCOMMIT_MEMORY), say);
	int next = restore_commit_limit(text, say);

	status = status ? status : next;
	for (int id = 0; id < KNOBS; id++) {
		const struct knob *knob = knob_of((enum knob_id)id);

		if (!knob->file || knob->scope != SCOPE_MACHINE || id == KNOB_OVERCOMMIT_MEMORY ||
		    id == KNOB_OVERCOMMIT_RATIO || id == KNOB_OVERCOMMIT_KBYTES)
			continue;
		next = restore_sysctl(text, knob, say);
		status = status ? status : next;
	}
	return status;
}

static int restore_paths(const char *text, const char *kind, int (*remove)(const char *path), restore_say *say)
{
	char path[1100];
	int status = 0;

	for (unsigned i = 0; journal_path(text, kind, i, path, sizeof(path)); i++) {
		const char *name = strrchr(path, '/');
		int next;

		if (!name || strncmp(name + 1, JOURNAL_NAME, strlen(JOURNAL_NAME)) != 0 || access(path, F_OK) == -1)
			continue;
		next = remove(path);
		if (next < 0)
			tell(say, "%s could not be removed: %s", path, strerror(-next));
		else
			tell(say, "%s removed", path);
		status = status ? status : next;
	}
	return status;
}

bool restore_is_needed(void)
{
	return access(JOURNAL_PATH, F_OK) == 0;
}

/* The journal, locked and still the one of that name. -ENOENT when there is none (any more). */
static int open_locked(void)
{
	struct stat opened, named;
	int fd = open(JOURNAL_PATH, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return -errno;
	while (flock(fd, LOCK_EX) == -1 && errno == EINTR)
		;
	if (fstat(fd, &opened) == 0 && stat(JOURNAL_PATH, &named) == 0 && opened.st_ino == named.st_ino)
		return fd;
	close(fd);
	return -ENOENT;
}

static int read_text(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used < size - 1 && (got = read(fd, text + used, size - 1 - used)) != 0) {
		if (got == -1 && errno != EINTR)
			return -errno;
		used += got > 0 ? (size_t)got : 0;
	}
	text[used] = '\0';
	return 0;
}

/* JOURNAL_BYTES_MOST and a NUL. */
static char *journal_text;

int restore_prepare(void)
{
	if (!journal_text)
		journal_text = malloc(JOURNAL_BYTES_MOST + 1);
	return journal_text ? 0 : -ENOMEM;
}

int restore_all(restore_say *say)
{
	char boot_id[64];
	int fd = open_locked(), status, next;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	status = restore_prepare();
	if (status < 0) {
		close(fd);
		return status;
	}
	status = read_text(fd, journal_text, JOURNAL_BYTES_MOST + 1);
	journal_boot_id(boot_id);
	if (status == 0 && journal_is_of_boot(journal_text, boot_id))
		status = restore_sysctls(journal_text, say);
	next = restore_paths(journal_text, "group", group_remove, say);
	status = status ? status : next;
	next = restore_paths(journal_text, "swap", swap_remove, say);
	status = status ? status : next;
	if (status == 0 && unlink(JOURNAL_PATH) == -1)
		status = -errno;
	close(fd);
	return status;
}
