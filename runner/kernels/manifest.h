/*
 * What the cache knows of one kernel: a file `manifest` beside its images, written when they were known to be good. It
 * is how damage is noticed: size and time of change are compared on each use, which costs microseconds; when they
 * differ, and on `enomem kernels verify`, the SHA-256 is.
 */
#ifndef ENOMEM_KERNELS_MANIFEST_H
#define ENOMEM_KERNELS_MANIFEST_H

#include <stdint.h>

#include "kernels/content.h"
#include "kernels/image.h"

#define MANIFEST_NAME "manifest"

struct manifest_file {
	uint64_t bytes; /* 0: there is no such file */
	int64_t modified_ns;
	char sha256[SHA256_TEXT];
};

struct manifest {
	char release[RELEASE_SIZE];
	char version[DEBIAN_VERSION_SIZE]; /* of the package, empty when it came from none */
	struct manifest_file vmlinuz;      /* the image as it was fetched; none for one that lies elsewhere */
	struct manifest_file vmlinux;      /* extracted, with a PVH entry; none when it has none */
};

/* Read the manifest in `directory`. -ENOENT, or -EBADMSG when it is none. */
int manifest_read(const char *directory, struct manifest *ret, struct err *err);

/* For tests and fuzzers: the text of one. */
int manifest_parse(const char *text, size_t size, struct manifest *ret);

/* The text to write; NULL without memory. The caller frees it. */
char *manifest_format(const struct manifest *manifest);

/* What of the file's state is compared on each use: fills bytes and modified_ns. Negative errno. */
int manifest_stat(const char *path, struct manifest_file *ret);

/*
 * Is the file at `path` the one of the manifest? With `thorough` its digest is computed in any case. -EBADMSG with a
 * sentence when it is not. A good file whose time was changed gets the old one back, if that is allowed.
 */
int manifest_check(const char *path, const struct manifest_file *file, bool thorough, struct err *err);

#endif
