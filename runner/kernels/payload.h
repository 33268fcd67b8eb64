/* The packed vmlinux inside a bzImage. */
#ifndef ENOMEM_KERNELS_PAYLOAD_H
#define ENOMEM_KERNELS_PAYLOAD_H

#include "kernels/content.h"

/*
 * Unpack a payload: gzip, bzip2, lzma, xz, lz4 or zstd, as kernels are built. `name` is for the sentence of an error.
 * -EOPNOTSUPP for another compression (the image can be booted all the same), -EBADMSG when it is damaged,
 * -EFBIG, -ENOMEM. Release `ret` with content_free().
 */
int payload_unpack(const unsigned char *payload, size_t size, const char *name, struct content *ret, struct err *err);

#endif
