/* Unpacking, through libarchive: the vmlinux in a bzImage, and the image in a Debian package. */
#ifndef ENOMEM_KERNELS_UNPACK_H
#define ENOMEM_KERNELS_UNPACK_H

#include <stddef.h>

#include "support/err.h"

/* Whatever is larger than this is no kernel. */
#define UNPACK_BYTES_MOST ((size_t)1 << 30)

/*
 * The vmlinux that stands compressed in a bzImage, written to `fd`. -EBADMSG when it cannot be unpacked
 * (an unknown compression, damage), -ENOSPC ...
 */
int unpack_payload(const unsigned char *payload, size_t length, int fd, struct err *err);

/* The vmlinuz of a .deb file, written to `fd`. -ENOENT when there is none in it, -EBADMSG when it is no package. */
int unpack_package(const char *path, int fd, struct err *err);

#endif
