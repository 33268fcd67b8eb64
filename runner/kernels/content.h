/* Whole files in memory, and their digests. */
#ifndef ENOMEM_KERNELS_CONTENT_H
#define ENOMEM_KERNELS_CONTENT_H

#include <stddef.h>

#include "support/err.h"

/* No kernel image, packed or unpacked, is larger; what claims to be is refused before memory is asked for it. */
#define CONTENT_BYTES_MOST ((size_t)512 << 20)

#define SHA256_TEXT 65 /* 64 hexadecimal digits and the NUL */

struct content {
	unsigned char *bytes; /* owned; NULL when empty */
	size_t size;
};

/*
 * Read a regular file of at most `most` bytes. -EISDIR, -EINVAL for what is no regular file, -EFBIG. Release it with
 * content_free(), which takes a zeroed one too.
 */
int content_read(const char *path, size_t most, struct content *ret, struct err *err);

/* The first `most` bytes of a regular file, or all when it has fewer; `ret_file_bytes` is the size of the whole. */
int content_read_head(const char *path, size_t most, struct content *ret, size_t *ret_file_bytes, struct err *err);

void content_free(struct content *content);

/* SHA-256 in lower-case hexadecimal. */
void content_digest(const void *bytes, size_t size, char ret[static SHA256_TEXT]);

/* The same of a file, in pieces. */
int content_digest_file(const char *path, char ret[static SHA256_TEXT], struct err *err);

#endif
