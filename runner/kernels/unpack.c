#include "kernels/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES 65536

static int failed(struct archive *archive, const char *what, struct err *err)
{
	const char *why = archive_error_string(archive);

	return err_set(err, EBADMSG, "cannot unpack %s: %s", what, why ? why : "its end is missing");
}

/* All data of the present entry. A short write says ENOSPC. */
static int copy_data(struct archive *archive, const char *what, int fd, size_t *ret_bytes, struct err *err)
{
	char block[BLOCK_BYTES];
	la_ssize_t got;

	while ((got = archive_read_data(archive, block, sizeof(block))) > 0) {
		*ret_bytes += (size_t)got;
		if (*ret_bytes > UNPACK_BYTES_MOST)
			return err_set(err, EFBIG, "cannot unpack %s: it is larger than any kernel", what);
		if (write(fd, block, (size_t)got) != got)
			return err_set_errno(err, errno ? errno : ENOSPC, "cannot write what is unpacked of %s", what);
	}
	return got < 0 ? failed(archive, what, err) : 0;
}

static struct archive *new_reader(void)
{
	struct archive *archive = archive_read_new();

	if (archive)
		archive_read_support_filter_all(archive);
	return archive;
}

int unpack_payload(const unsigned char *payload, size_t length, int fd, struct err *err)
{
	static const char what[] = "the kernel image";
	struct archive *archive = new_reader();
	/* The build appends the unpacked size, which all formats but gzip would take for damage. */
	bool is_gzip = length > 2 && memcmp(payload, "\x1f\x8b", 2) == 0;
	struct archive_entry *entry;
	size_t bytes = 0;
	int status;

	if (!archive)
		return err_no_memory(err);
	archive_read_support_format_raw(archive);
	if (archive_read_open_memory(archive, payload, is_gzip ? length : length - 4) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		status = failed(archive, what, err);
	else
		status = copy_data(archive, what, fd, &bytes, err);
	archive_read_free(archive);
	/* Raw takes what it does not know for plain data. */
	if (status == 0 && bytes <= length)
		status = err_set(err, EBADMSG, "cannot unpack %s: its compression is unknown", what);
	return status;
}

struct package {
	struct archive *outer;
	char block[BLOCK_BYTES];
};

/* The data.tar.* inside the package, piece by piece. */
static la_ssize_t read_inner(struct archive *inner, void *context, const void **ret)
{
	struct package *package = context;
	la_ssize_t got = archive_read_data(package->outer, package->block, sizeof(package->block));

	*ret = package->block;
	if (got < 0)
		archive_set_error(inner, EBADMSG, "%s", archive_error_string(package->outer));
	return got;
}

/* Where it lies: /boot/vmlinuz-VERSION, or /usr/lib/modules/VERSION/vmlinuz from 6.19 on. */
static bool is_image(const char *path)
{
	const char *name = path ? strrchr(path, '/') : NULL;

	return name && (strcmp(name, "/vmlinuz") == 0 || strncmp(name, "/vmlinuz-", 9) == 0);
}

static int take_image(struct archive *inner, const char *path, int fd, struct err *err)
{
	struct archive_entry *entry;
	size_t bytes = 0;
	int status;

	while ((status = archive_read_next_header(inner, &entry)) == ARCHIVE_OK) {
		if (archive_entry_filetype(entry) == AE_IFREG && is_image(archive_entry_pathname(entry)))
			return copy_data(inner, path, fd, &bytes, err);
	}
	if (status != ARCHIVE_EOF)
		return failed(inner, path, err);
	return err_set(err, ENOENT, "cannot find a kernel image in %s", path);
}

static int open_inner(struct package *package, const char *path, struct archive *inner, struct err *err)
{
	struct archive_entry *entry;

	while (archive_read_next_header(package->outer, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		if (name && strncmp(name, "data.tar", 8) == 0)
			return archive_read_open(inner, package, NULL, read_inner, NULL) == ARCHIVE_OK
				       ? 0
				       : failed(inner, path, err);
	}
	return err_set(err, EBADMSG, "cannot unpack %s: it is no Debian package", path);
}

int unpack_package(const char *path, int fd, struct err *err)
{
	struct package package = {.outer = new_reader()};
	struct archive *inner = new_reader();
	int status = package.outer && inner ? 0 : err_no_memory(err);

	if (status == 0) {
		archive_read_support_format_ar(package.outer);
		archive_read_support_format_tar(inner);
		if (archive_read_open_filename(package.outer, path, BLOCK_BYTES) != ARCHIVE_OK)
			status = failed(package.outer, path, err);
	}
	if (status == 0)
		status = open_inner(&package, path, inner, err);
	if (status == 0)
		status = take_image(inner, path, fd, err);
	archive_read_free(inner);
	archive_read_free(package.outer);
	return status;
}
