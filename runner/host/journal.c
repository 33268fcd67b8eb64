#include "host/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void journal_boot_id(char id[64])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, id, 63);

	if (fd >= 0)
		close(fd);
	id[got > 0 ? got : 0] = '\0';
	id[strcspn(id, "\n")] = '\0';
}

/* A new file's name is on disk when its directory is. */
static int sync_directory(void)
{
	int fd = open(JOURNAL_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = 0;

	if (fd == -1 || fsync(fd) == -1)
		status = -errno;
	if (fd >= 0)
		close(fd);
	return status;
}

static int note(struct journal *journal, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int note(struct journal *journal, const char *format, ...)
{
	char line[1200];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (length >= (int)sizeof(line))
		return -ENAMETOOLONG;
	/* What stands in it already need not be written again. */
	if (strstr(journal->text, line))
		return 0;
	if (journal->length + (size_t)length >= JOURNAL_BYTES_MOST)
		return -ENOSPC;
	memcpy(journal->text + journal->length, line, (size_t)length + 1);
	journal->length += (size_t)length;
	return 0;
}

static int open_new(struct err *err)
{
	int fd;

	if (mkdir(JOURNAL_DIRECTORY, 0755) == -1 && errno != EEXIST) {
		err_set_errno(err, errno, "cannot make %s", JOURNAL_DIRECTORY);
		return err_advise(err, "the journal of changes must be on disk before anything is changed");
	}
	fd = open(JOURNAL_PATH, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd >= 0)
		return fd;
	err_set_errno(err, errno, "cannot make %s", JOURNAL_PATH);
	if (errno == EEXIST)
		return err_advise(err, "an earlier run left changes: `enomem restore` puts them back");
	return err_advise(err, "the journal of changes must be on disk before anything is changed");
}

int journal_begin(struct journal *journal, struct err *err)
{
	char boot_id[64];
	int status;

	if (!journal->text)
		journal->text = malloc(JOURNAL_BYTES_MOST);
	if (!journal->text)
		return err_no_memory(err);
	journal->length = journal->synced = 0;
	journal->text[0] = '\0';
	journal->fd = open_new(err);
	if (journal->fd < 0) {
		status = journal->fd;
		journal->fd = -1;
		return status;
	}
	journal_boot_id(boot_id);
	status = note(journal, "enomem 1 %s\n", boot_id);
	if (status == 0)
		status = journal_sync(journal);
	if (status == 0)
		status = sync_directory();
	if (status < 0) {
		unlink(JOURNAL_PATH);
		journal_close(journal);
		return err_set_errno(err, -status, "cannot write %s", JOURNAL_PATH);
	}
	return 0;
}

int journal_sysctl(struct journal *journal, const char *file, const char *before, const char *set)
{
	return note(journal, "sysctl %s %s %s\n", file, before, set);
}

int journal_group(struct journal *journal, const char *path)
{
	return note(journal, "group %s\n", path);
}

int journal_swap(struct journal *journal, const char *path)
{
	return note(journal, "swap %s\n", path);
}

int journal_sync(struct journal *journal)
{
	if (journal->fd < 0)
		return -EBADF;
	if (journal->synced == journal->length)
		return 0;
	while (journal->synced < journal->length) {
		ssize_t written =
			write(journal->fd, journal->text + journal->synced, journal->length - journal->synced);

		if (written == -1 && errno != EINTR)
			return -errno;
		if (written > 0)
			journal->synced += (size_t)written;
	}
	return fdatasync(journal->fd) == -1 ? -errno : 0;
}

void journal_free(struct journal *journal)
{
	journal_close(journal);
	free(journal->text);
	journal->text = NULL;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
}
