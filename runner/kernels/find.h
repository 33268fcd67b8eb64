/* kernel_find() with its places given, for tests and for what fetches. */
#ifndef ENOMEM_KERNELS_FIND_H
#define ENOMEM_KERNELS_FIND_H

#include "kernels/inventory.h"
#include "kernels/kernel.h"

#define KERNEL_BOOT_DIRECTORY "/boot"
#define KERNEL_DEBIAN_PREFIX "debian:"

/* As kernel_find(). `cache` may be NULL: then it is looked up when it is needed. */
int kernel_find_in(const char *cache, const char *boot, const char *name, struct kernel *ret, struct err *err);

/* The version of "debian:VERSION"; NULL for another name. -EINVAL when it can be no version. */
int kernel_debian_version(const char *name, const char **ret, struct err *err);

/*
 * Store a fetched image, and the vmlinux in it, as an entry of the cache. The image is parsed first: its errors are
 * those of image_parse(). `version` is the package's. `ret` may be NULL.
 */
int kernel_store(const char *cache, const struct content *bzimage, const char *version, const char *name,
		 struct manifest *ret, struct err *err);

#endif
