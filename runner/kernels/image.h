/* What kind of kernel image a file is. Pure: works on the file's bytes, of which any may be wrong. */
#ifndef ENOMEM_KERNELS_IMAGE_H
#define ENOMEM_KERNELS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "support/err.h"

struct image {
	bool is_vmlinux; /* an ELF file; else a bzImage */
	bool is_pvh;     /* of a vmlinux: it can be started directly (a Xen note of type 18) */
	char release[96];
	size_t payload_offset, payload_length; /* of a bzImage: the compressed vmlinux; 0: none is known */
};

/* -ENOEXEC with what it is instead of a kernel for x86-64, as the end of a sentence: "it is a kernel for arm64". */
int image_read(const unsigned char *data, size_t length, struct image *ret, struct err *err);

#endif
