/*
 * The journal: what enomem is about to change on this machine, on disk before it is changed, so that
 * anybody can put it back: the runner itself, a guardian, the next start, `enomem restore`.
 *
 * One line each, written and synchronised before the change:
 *
 *   enomem 1 BOOT-ID                        the boot in which the changes are made
 *   sysctl vm/max_map_count 65530 1024      its value before the first change, and one it will be given
 *   group /sys/fs/cgroup/.../enomem-1234-1  a cgroup that will be made
 *   swap /var/lib/enomem/swap-1234          a swap file that will be made and used
 *
 * Text and no JSON, since a guardian reads it where no memory may be had.
 */
#ifndef ENOMEM_HOST_JOURNAL_H
#define ENOMEM_HOST_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "support/err.h"

#define JOURNAL_DIRECTORY "/var/lib/enomem"
#define JOURNAL_PATH JOURNAL_DIRECTORY "/journal"

/* What a journal may hold: what is known twice is written once, so this is many thousand changes. */
#define JOURNAL_BYTES_MOST (256 * 1024)

/* What a name in a journal begins with, below its directory: nothing else is ever removed. */
#define JOURNAL_NAME "enomem-"

struct journal {
	int fd;        /* -1: not open */
	size_t length; /* of `text` */
	size_t synced; /* of it, on disk */
	char *text;    /* JOURNAL_BYTES_MOST of them; NULL before the first change */
};

/*
 * Begin an empty journal; there must be none. -EEXIST when there is, -EACCES and so on with what to do.
 * Memory for its text is had here, and kept until journal_free().
 */
int journal_begin(struct journal *journal, struct err *err);

/* Note a change that is about to be made; not on disk before journal_sync(). -ENOSPC when it is full. */
int journal_sysctl(struct journal *journal, const char *file, const char *before, const char *set);
int journal_group(struct journal *journal, const char *path);
int journal_swap(struct journal *journal, const char *path);

/* Bring what was noted to the disk. 0 or a negative errno: then nothing may be changed. */
int journal_sync(struct journal *journal);

/* Close it; the file stays. Takes one that is not open. */
void journal_close(struct journal *journal);
void journal_free(struct journal *journal);

/* Reading, of a text that ends in NUL. Lines that are none are passed over: the last may be cut off. */

/* Whether its changes were made in this boot. */
bool journal_is_of_boot(const char *text, const char *boot_id);

/* The value of a sysctl before the first change; false when the journal does not have it. */
bool journal_before(const char *text, const char *file, char *ret, size_t size);

/* Whether one of the values that it was to be given is `value`. */
bool journal_gave(const char *text, const char *file, const char *value);

/* Whether `value` lies between the first value and one that it was to be given, as a number. */
bool journal_gave_beyond(const char *text, const char *file, const char *value);

/* The `number`-th (from 0) "group" or "swap"; false when there are not so many. */
bool journal_path(const char *text, const char *kind, unsigned number, char *ret, size_t size);

/* This boot's id, "" when it cannot be read. */
void journal_boot_id(char id[64]);

#endif
