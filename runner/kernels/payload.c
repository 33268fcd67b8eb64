#include "kernels/payload.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/image.h"

/* All but gzip, which has one of its own, end in the unpacked size that the kernel's build adds: 4 bytes. */
#define SIZE_BYTES 4

struct packing {
	const char *magic;
	size_t magic_size;
	int (*support)(struct archive *archive);
	bool size_is_added;
};

/* One filter at a time: some of libarchive's would start programs, and guessing is not needed. */
static const struct packing packings[] = {
	{"\x1f\x8b", 2, archive_read_support_filter_gzip, false},
	{"BZh", 3, archive_read_support_filter_bzip2, true},
	{"\x5d\0\0", 3, archive_read_support_filter_lzma, true},
	{"\xfd"
	 "7zXZ",
	 6, archive_read_support_filter_xz, true},
	{"\x02\x21\x4c\x18", 4, archive_read_support_filter_lz4, true}, /* legacy frames: what `lz4 -l` writes */
	{"\x04\x22\x4d\x18", 4, archive_read_support_filter_lz4, true},
	{"\x28\xb5\x2f\xfd", 4, archive_read_support_filter_zstd, true},
};

static const struct packing *find_packing(const unsigned char *payload, size_t size)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(*packings); i++) {
		if (size > packings[i].magic_size + SIZE_BYTES &&
		    memcmp(payload, packings[i].magic, packings[i].magic_size) == 0)
			return &packings[i];
	}
	return NULL;
}

static int damaged(const char *name, const char *reason, struct err *err)
{
	return err_set(err, EBADMSG, "cannot unpack the kernel in %s: %s", name, reason);
}

/* Bytes read, at most `size`; less means the end of the stream. -1 when it is damaged. */
static ssize_t read_up_to(struct archive *archive, unsigned char *bytes, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = archive_read_data(archive, bytes + used, size - used);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

static int unpack_into(struct archive *archive, const char *name, struct content *content, struct err *err)
{
	struct archive_entry *entry;
	unsigned char beyond;
	ssize_t got;

	if (archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return damaged(name, "its packed part is damaged", err);
	got = read_up_to(archive, content->bytes, content->size);
	if (got < 0)
		return damaged(name, "its packed part is damaged", err);
	if ((size_t)got < content->size || read_up_to(archive, &beyond, 1) != 0)
		return damaged(name, "the unpacked size is not the one it tells", err);
	return 0;
}

static int unpack(const struct packing *packing, const unsigned char *payload, size_t size, const char *name,
		  struct content *content, struct err *err)
{
	struct archive *archive = archive_read_new();
	int status;

	if (!archive)
		return err_no_memory(err);
	archive_read_support_format_raw(archive);
	/* A library built without this compression would start a program for it, and says so. */
	if (packing->support(archive) != ARCHIVE_OK)
		status = err_set(err, EOPNOTSUPP, "cannot unpack the kernel in %s: libarchive has no such compression",
				 name);
	else if (archive_read_open_memory(archive, payload, size) != ARCHIVE_OK)
		status = damaged(name, "its packed part is damaged", err);
	else
		status = unpack_into(archive, name, content, err);
	archive_read_free(archive);
	return status;
}

int payload_unpack(const unsigned char *payload, size_t size, const char *name, struct content *ret, struct err *err)
{
	const struct packing *packing = find_packing(payload, size);
	struct content content = {0};
	int status;

	if (!packing)
		return err_set(err, EOPNOTSUPP, "cannot unpack the kernel in %s: its compression is not known", name);
	content.size = image_u32(payload + size - SIZE_BYTES);
	if (content.size == 0)
		return damaged(name, "the unpacked size is 0", err);
	if (content.size > CONTENT_BYTES_MOST)
		return err_set(err, EFBIG, "cannot unpack the kernel in %s: it would have %zu MiB, more than %zu", name,
			       content.size >> 20, CONTENT_BYTES_MOST >> 20);
	content.bytes = malloc(content.size);
	if (!content.bytes)
		return err_no_memory(err);
	status = unpack(packing, payload, packing->size_is_added ? size - SIZE_BYTES : size, name, &content, err);
	if (status < 0) {
		content_free(&content);
		return status;
	}
	*ret = content;
	return 0;
}
