#include "kernels/deb.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PIECE_BYTES 65536

struct member {
	struct archive *outer;
	unsigned char piece[PIECE_BYTES];
};

static la_ssize_t read_member(struct archive *inner, void *context, const void **ret)
{
	struct member *member = context;
	la_ssize_t got = archive_read_data(member->outer, member->piece, sizeof(member->piece));

	if (got < 0)
		archive_set_error(inner, EIO, "%s", archive_error_string(member->outer));
	*ret = member->piece;
	return got;
}

static int damaged(const char *name, struct err *err)
{
	return err_set(err, EBADMSG, "cannot unpack %s: the package is damaged", name);
}

static bool is_vmlinuz(struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry);

	if (!path || archive_entry_filetype(entry) != S_IFREG)
		return false;
	if (strncmp(path, "./", 2) == 0)
		path += 2;
	return fnmatch("boot/vmlinuz-*", path, FNM_PATHNAME) == 0 ||
	       fnmatch("usr/lib/modules/*/vmlinuz", path, FNM_PATHNAME) == 0 ||
	       fnmatch("lib/modules/*/vmlinuz", path, FNM_PATHNAME) == 0;
}

static int take_file(struct archive *archive, struct archive_entry *entry, const char *name, struct content *ret,
		     struct err *err)
{
	la_int64_t size = archive_entry_size(entry);
	struct content content = {.size = (size_t)size};
	size_t used = 0;

	if (size <= 0)
		return damaged(name, err);
	if ((size_t)size > CONTENT_BYTES_MOST)
		return err_set(err, EFBIG, "cannot unpack %s: the kernel in it has more than %zu MiB", name,
			       CONTENT_BYTES_MOST >> 20);
	content.bytes = malloc(content.size);
	if (!content.bytes)
		return err_no_memory(err);
	while (used < content.size) {
		la_ssize_t got = archive_read_data(archive, content.bytes + used, content.size - used);

		if (got <= 0) {
			content_free(&content);
			return damaged(name, err);
		}
		used += (size_t)got;
	}
	*ret = content;
	return 0;
}

static int search(struct archive *archive, const char *name, struct content *ret, struct err *err)
{
	struct archive_entry *entry;
	int status;

	while ((status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
		if (is_vmlinuz(entry))
			return take_file(archive, entry, name, ret, err);
	}
	if (status != ARCHIVE_EOF)
		return damaged(name, err);
	return err_set(err, ENOENT, "cannot take a kernel out of %s: there is none in it", name);
}

/* The compressions that Debian has used for packages. */
static int open_data(struct archive *outer, const char *name, struct content *ret, struct err *err)
{
	struct member *member = malloc(sizeof(*member));
	struct archive *inner = archive_read_new();
	int status;

	if (!member || !inner) {
		status = err_no_memory(err);
	} else {
		member->outer = outer;
		archive_read_support_format_tar(inner);
		archive_read_support_filter_gzip(inner);
		archive_read_support_filter_xz(inner);
		archive_read_support_filter_zstd(inner);
		if (archive_read_open(inner, member, NULL, read_member, NULL) != ARCHIVE_OK)
			status = damaged(name, err);
		else
			status = search(inner, name, ret, err);
	}
	archive_read_free(inner);
	free(member);
	return status;
}

int deb_take_vmlinuz(const struct content *deb, const char *name, struct content *ret, struct err *err)
{
	struct archive *outer = archive_read_new();
	struct archive_entry *entry;
	int status = 1;

	if (!outer)
		return err_no_memory(err);
	archive_read_support_format_ar(outer);
	if (archive_read_open_memory(outer, deb->bytes, deb->size) != ARCHIVE_OK)
		status = damaged(name, err);
	while (status > 0 && archive_read_next_header(outer, &entry) == ARCHIVE_OK) {
		const char *member = archive_entry_pathname(entry);

		if (member && strncmp(member, "data.tar", 8) == 0)
			status = open_data(outer, name, ret, err);
	}
	if (status > 0)
		status = damaged(name, err);
	archive_read_free(outer);
	return status;
}
