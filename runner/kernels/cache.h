/*
 * The cache of kernels, $XDG_CACHE_HOME/enomem (or ~/.cache/enomem):
 *
 *   kernels/debian-RELEASE/   fetched:     image, kernel.json
 *   images/CRC32-BYTES/       of a path:   image, kernel.json
 *   apt/                      the private configuration and lists of apt
 *
 * `image` is what QEMU boots, kernel.json tells its size and checksum, so that damage is seen. An entry is
 * made under another name and then renamed: there is never half of one.
 */
#ifndef ENOMEM_KERNELS_CACHE_H
#define ENOMEM_KERNELS_CACHE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernel.h"

struct cache_entry {
	char release[96];
	char package[160]; /* "linux-image-... 6.1.176-1", "" for a path's */
	uint64_t image_bytes;
	uint32_t image_crc32;
	bool is_pvh;
};

/* The cache's directory, made when it is not there. -EACCES and others, with what to set. */
int cache_directory(char *ret, size_t size, struct err *err);

/* The parent of fetched entries or of paths' ones, made when it is not there. */
int cache_subdirectory(const char *name, char *ret, size_t size, struct err *err);

/*
 * Make an entry `directory` from the bytes of a kernel image, with a PVH vmlinux taken out of it where
 * there is one. -ENOSPC with the room that is needed.
 */
int cache_store(const char *directory, const unsigned char *data, size_t length, const char *package, struct err *err);

/* Read an entry. -ENOENT when there is none, -EBADMSG when its image is not what kernel.json says. */
int cache_read(const char *directory, struct cache_entry *ret, struct err *err);

/* Remove an entry, damaged or not. */
void cache_remove(const char *directory);

#endif
