/* Guest kernels by name: "debian:7.2" from the cache or from /boot, or the path of an image. */
#ifndef ENOMEM_KERNELS_KERNEL_H
#define ENOMEM_KERNELS_KERNEL_H

#include <limits.h>
#include <stdbool.h>

#include "support/err.h"

struct kernel {
	char name[256];       /* as the user wrote it: "debian:7.2" or a path */
	char release[96];     /* "7.2.13+deb14-cloud-amd64", from the image itself */
	char image[PATH_MAX]; /* what QEMU's -kernel boots fastest: a PVH vmlinux (extracted, cached) or the bzImage */
	bool is_pvh;
};

/*
 * Find a kernel; never downloads. `debian:VERSION` is the newest of that version (7.2 is any 7.2.x, never 7.20) in the
 * cache and in /boot; anything else is a path. A vmlinux that is not extracted yet is extracted into the cache, and a
 * damaged one is extracted again.
 * -ENOENT not there or not fetched; -ENOEXEC no kernel image, or one for another machine; -EBADMSG a damaged image;
 * -EINVAL no such name; -ENOSPC and the like when the cache cannot be written.
 */
int kernel_find(const char *name, struct kernel *ret, struct err *err);

#endif
