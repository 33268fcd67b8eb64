#include "guest/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAMS_MOST 64
#define PROGRAM_BYTES_MOST (64 << 20)

struct initramfs {
	const struct catalogue *catalogue;
	struct archive *archive;
	int fd;
	char programs[PROGRAMS_MOST][64];
	unsigned program_count;
	char *cells;
	size_t length;
	FILE *stream; /* to `cells` */
};

static int failed(struct initramfs *initramfs, struct err *err)
{
	int error = archive_errno(initramfs->archive);

	err_set(err, error > 0 ? error : EIO, "cannot write a guest's initramfs: %s",
		archive_error_string(initramfs->archive));
	return err_advise(err, "it is kept in memory: see free -m");
}

/* `mode` with its type; `data` of a regular file, or the target of a link. */
static int add(struct initramfs *initramfs, const char *path, unsigned mode, const char *data, size_t length,
	       struct err *err)
{
	struct archive_entry *entry = archive_entry_new();
	int status;

	if (!entry)
		return err_no_memory(err);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_size(entry, S_ISREG(mode) ? (la_int64_t)length : 0);
	if (S_ISLNK(mode))
		archive_entry_set_symlink(entry, data);
	if (S_ISCHR(mode))
		archive_entry_set_rdev(entry, (dev_t)length);
	status = archive_write_header(initramfs->archive, entry);
	if (status == ARCHIVE_OK && S_ISREG(mode) && length &&
	    archive_write_data(initramfs->archive, data, length) != (la_ssize_t)length)
		status = ARCHIVE_FATAL;
	archive_entry_free(entry);
	return status == ARCHIVE_OK ? 0 : failed(initramfs, err);
}

/* A program of the catalogue's directory, as PATH. */
static int add_program(struct initramfs *initramfs, const char *name, const char *path, struct err *err)
{
	char from[sizeof(initramfs->catalogue->directory) + 128];
	struct stat file;
	void *data = MAP_FAILED;
	int fd, status;

	snprintf(from, sizeof(from), "%s/%s", initramfs->catalogue->directory, name);
	fd = open(from, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &file) == 0 && file.st_size > 0 && file.st_size < PROGRAM_BYTES_MOST)
		data = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		err_set_errno(err, errno ? errno : EFBIG, "cannot open %s", from);
		status = err_advise(err, "build the project again, or set ENOMEM_LIBEXEC to where it is installed");
	} else {
		status = add(initramfs, path, S_IFREG | 0755, data, (size_t)file.st_size, err);
		munmap(data, (size_t)file.st_size);
	}
	if (fd >= 0)
		close(fd);
	return status;
}

static int add_system(struct initramfs *initramfs, struct err *err)
{
	static const struct {
		const char *path, *data;
		unsigned mode;
		size_t device;
	} entries[] = {
		{"dev", NULL, S_IFDIR | 0755, 0},          {"dev/console", NULL, S_IFCHR | 0600, 0x501},
		{"dev/null", NULL, S_IFCHR | 0666, 0x103}, {"dev/fd", "/proc/self/fd", S_IFLNK | 0777, 0},
		{"scenarios", NULL, S_IFDIR | 0755, 0},    {"init", "enomem-agent", S_IFLNK | 0777, 0},
	};
	int status = 0;

	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries) && status == 0; i++)
		status = add(initramfs, entries[i].path, entries[i].mode, entries[i].data, entries[i].device, err);
	return status < 0 ? status : add_program(initramfs, "enomem-agent", "enomem-agent", err);
}

int initramfs_begin(const struct catalogue *catalogue, struct initramfs **ret, struct err *err)
{
	struct initramfs *initramfs = calloc(1, sizeof(*initramfs));
	int status = 0;

	if (!initramfs)
		return err_no_memory(err);
	initramfs->catalogue = catalogue;
	initramfs->fd = memfd_create("enomem-initramfs", MFD_CLOEXEC);
	initramfs->archive = archive_write_new();
	initramfs->stream = open_memstream(&initramfs->cells, &initramfs->length);
	if (initramfs->fd == -1 || !initramfs->archive || !initramfs->stream)
		status = err_no_memory(err);
	else if (archive_write_set_format_cpio_newc(initramfs->archive) != ARCHIVE_OK ||
		 archive_write_open_fd(initramfs->archive, initramfs->fd) != ARCHIVE_OK)
		status = failed(initramfs, err);
	if (status == 0)
		status = add_system(initramfs, err);
	if (status < 0)
		initramfs_free(initramfs);
	else
		*ret = initramfs;
	return status;
}

int initramfs_add_scenario(struct initramfs *initramfs, const char *name, struct err *err)
{
	char path[96];

	for (unsigned i = 0; i < initramfs->program_count; i++) {
		if (strcmp(initramfs->programs[i], name) == 0)
			return 0;
	}
	if (initramfs->program_count == PROGRAMS_MOST)
		return err_set(err, E2BIG, "cannot put more than %d scenarios into one guest", PROGRAMS_MOST);
	snprintf(initramfs->programs[initramfs->program_count++], sizeof(*initramfs->programs), "%s", name);
	snprintf(path, sizeof(path), "scenarios/%s", name);
	return add_program(initramfs, path, path, err);
}

int initramfs_add_cell(struct initramfs *initramfs, const char *line, struct err *err)
{
	return fprintf(initramfs->stream, "%s\n", line) < 0 ? err_no_memory(err) : 0;
}

int initramfs_finish(struct initramfs *initramfs, int *ret, struct err *err)
{
	int status = fflush(initramfs->stream) == 0 ? 0 : err_no_memory(err);

	if (status == 0)
		status = add(initramfs, "cells", S_IFREG | 0444, initramfs->cells, initramfs->length, err);
	if (status == 0 && archive_write_close(initramfs->archive) != ARCHIVE_OK)
		status = failed(initramfs, err);
	if (status == 0) {
		*ret = initramfs->fd;
		initramfs->fd = -1;
	}
	initramfs_free(initramfs);
	return status;
}

void initramfs_free(struct initramfs *initramfs)
{
	if (!initramfs)
		return;
	archive_write_free(initramfs->archive);
	if (initramfs->stream)
		fclose(initramfs->stream);
	if (initramfs->fd >= 0)
		close(initramfs->fd);
	free(initramfs->cells);
	free(initramfs);
}
