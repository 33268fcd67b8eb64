/*
 * apt, on a state of its own in the cache directory: own sources, lists, package cache; the host's packages and lists
 * are neither read nor changed. It needs no privilege.
 *
 * What this machine's administrator has set for apt (a proxy for instance) holds here as well, except what would run
 * hooks or accept unsigned data: signatures are always asked for, and only those of one keyring count.
 */
#ifndef ENOMEM_KERNELS_APT_H
#define ENOMEM_KERNELS_APT_H

#include <limits.h>

#include "kernels/package_index.h"

#define APT_DOWNLOADS_MOST 64

struct apt_progress {
	/* How far a step has come, 0 to 100; called while apt runs. */
	void (*show)(void *context, const char *step, double percent);
	/* Another one is at work on the same cache; called once. */
	void (*waiting)(void *context);
	void *context;
};

struct apt {
	char directory[PATH_MAX]; /* CACHE/apt */
	char configuration[PATH_MAX];
	char origin[PATH_MAX + 600]; /* mirror and keyring, as they are kept with the index */
	int lock;
	const struct apt_progress *progress;
};

/*
 * Make the state ready and lock it, which waits for others. Mirror: $ENOMEM_DEBIAN_MIRROR (http, https or file), else
 * http://deb.debian.org/debian; keyring: $ENOMEM_DEBIAN_KEYRING, else that of debian-archive-keyring.
 * -EINVAL a mirror that is none; -ENOENT no keyring; -EINTR; errors of the cache. Close with apt_close().
 */
int apt_open(const char *cache, const struct apt_progress *progress, struct apt *ret, struct err *err);
void apt_close(struct apt *apt);

/*
 * Fetch the index of the suites again and keep what kernels are in it. 0 all suites; 1 only some, `err` says what was
 * wrong with the first of the others; negative: none could be verified, errors as of apt_explain(), or no apt-get
 * (-ENOENT).
 */
int apt_refresh(struct apt *apt, struct package_index *ret, struct err *err);

/* The index that was kept. -ENOENT when there is none of this mirror and keyring. */
int apt_load_index(const struct apt *apt, struct package_index *ret);

/*
 * Download packages, verified against the signed index, into an empty directory that is made: `ret_directory`. 0, or an
 * error as of apt_explain(): those that were in order are there all the same. `what` is for its sentence.
 */
int apt_download(struct apt *apt, const struct kernel_package *const *packages, unsigned count, const char *what,
		 char ret_directory[static PATH_MAX], struct err *err);

/* Remove what was downloaded. */
void apt_clean(struct apt *apt);

#endif
