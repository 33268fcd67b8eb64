/*
 * Debian's archive, through apt-get with a configuration of its own: lists, state and downloads lie in the
 * cache, and nothing of the host's apt is read or changed. apt checks the archive's signatures and every
 * package's hash, and nothing here turns that off.
 */
#ifndef ENOMEM_KERNELS_DEBIAN_H
#define ENOMEM_KERNELS_DEBIAN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "support/err.h"

/* A package that has a kernel image in it. */
struct debian_package {
	char name[128];   /* "linux-binary-7.2.13+deb14-cloud-amd64" */
	char release[96]; /* "7.2.13+deb14-cloud-amd64" */
};

struct debian_index {
	struct debian_package *packages; /* oldest first */
	unsigned count;
	struct err partial; /* code set: why a part of the archive could not be read, and was left out */
};

/* Called now and then while apt-get runs; `bytes` have been downloaded. May be NULL. */
typedef void fetch_progress(size_t bytes);

/*
 * Read the index of kernels, as far as suites can be had and their signatures fit; it is fetched when it is older than a day, or `anew`. -ENETUNREACH when the archive
 * cannot be reached, -EKEYREJECTED when a signature does not fit, -ENOENT without apt-get, -EINTR.
 */
int debian_read_index(bool anew, fetch_progress *progress, struct debian_index *ret, struct err *err);
void debian_free(struct debian_index *index);

/* The newest package of a version ("7.2"); NULL when there is none. */
const struct debian_package *debian_find(const struct debian_index *index, const char *version);

/*
 * Download packages into a new directory, *directory, of which each file is a .deb; the caller removes it with
 * debian_remove_downloads(). Errors as of debian_read_index().
 */
int debian_download(const struct debian_package *const *packages, unsigned count, fetch_progress *progress,
		     char *directory, size_t size, struct err *err);
void debian_remove_downloads(const char *directory);

#endif
