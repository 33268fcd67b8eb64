/* What a kernel image says of itself: a bzImage by its setup header, a vmlinux by its ELF headers. Pure parsers. */
#ifndef ENOMEM_KERNELS_IMAGE_H
#define ENOMEM_KERNELS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "support/err.h"

#define RELEASE_SIZE 96
#define DEBIAN_VERSION_SIZE 64

/* The setup code and with it all that bzimage_parse() looks at; what follows may be left out. */
#define BZIMAGE_HEAD_BYTES (65 * 512)

enum image_kind { IMAGE_BZIMAGE, IMAGE_VMLINUX };

struct image {
	enum image_kind kind;
	char release[RELEASE_SIZE];               /* "7.2.13+deb14-cloud-amd64" */
	char debian_version[DEBIAN_VERSION_SIZE]; /* of the package that Debian built it for, "7.2.13-1"; else empty */
	size_t payload_offset, payload_bytes; /* bzImage: the packed vmlinux; 0 bytes when the header does not tell */
	bool is_pvh;                          /* vmlinux: QEMU can start it directly */
};

/*
 * Any image, all of it. `name` is for the sentence of an error.
 * -ENOEXEC: no kernel, one for another machine, one cut off.
 */
int image_parse(const void *bytes, size_t size, const char *name, struct image *ret, struct err *err);

/* A bzImage by its first `size` bytes; the file has `file_bytes`. */
int bzimage_parse(const void *bytes, size_t size, size_t file_bytes, const char *name, struct image *ret,
		  struct err *err);

/* A vmlinux, all of it. */
int vmlinux_parse(const void *bytes, size_t size, const char *name, struct image *ret, struct err *err);

/* Do the bytes begin as a bzImage, an ELF file? */
bool is_bzimage(const void *bytes, size_t size);
bool is_elf(const void *bytes, size_t size);

/* "64-bit ARM" when it is a kernel image or an ELF file of another machine than x86-64, else NULL. */
const char *image_other_machine(const void *bytes, size_t size);

/*
 * Take release and Debian's version from a banner as in "7.2.13-amd64 (debian-kernel@...) #1 SMP Debian 7.2.13-1
 * (...)". It ends at a NUL or after `size` bytes. False when it begins with no release.
 */
bool image_take_banner(const char *banner, size_t size, struct image *image);

/* Little-endian numbers at any address; the caller has checked that they are there. */
unsigned image_u16(const unsigned char *at);
unsigned long image_u32(const unsigned char *at);
unsigned long image_u64(const unsigned char *at);

#endif
