/*
 * Kernels for guests. A name is `debian:VERSION`, the newest fetched kernel of that version ("7.2", or
 * "7.2.13"), or the path of an image. What QEMU boots fastest is made of it once, and kept in
 * $XDG_CACHE_HOME/enomem (cache.h).
 */
#ifndef ENOMEM_KERNELS_KERNEL_H
#define ENOMEM_KERNELS_KERNEL_H

#include <limits.h>
#include <stdbool.h>

#include "support/err.h"

struct kernel {
	char name[256];       /* as it was said */
	char release[96];     /* "7.2.13+deb14-cloud-amd64", as the image itself says */
	char image[PATH_MAX]; /* for QEMU's -kernel: a PVH vmlinux, or the bzImage where that has none in it */
	bool is_pvh;
};

/*
 * Find it; downloads nothing. -ENOENT when it is not there, with how to get it; -ENOEXEC for a file that
 * is no kernel for this machine; -ENOSPC and others when the cache cannot be written; -EBADMSG when what is
 * in the cache is damaged.
 */
int kernel_find(const char *name, struct kernel *ret, struct err *err);

/* Whether `version` ("7.2") is the release ("7.2.13+deb14-cloud-amd64") or its beginning, number by number. */
bool kernel_version_matches(const char *version, const char *release);

#endif
