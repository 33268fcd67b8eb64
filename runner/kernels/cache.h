/*
 * The cache directory, $XDG_CACHE_HOME/enomem or ~/.cache/enomem:
 *   kernels/debian-RELEASE/    manifest, vmlinuz, vmlinux     fetched
 *   extracted/DIGEST/          manifest, vmlinux              of images that lie elsewhere, by the images' digests
 *   apt/                       apt's own state                (kernels/apt.h)
 * An entry is a directory that is made under another name, complete with its manifest, and then renamed: there are no
 * half entries, whoever is killed when, and of two that make the same one the second finds it made.
 */
#ifndef ENOMEM_KERNELS_CACHE_H
#define ENOMEM_KERNELS_CACHE_H

#include <limits.h>

#include "kernels/content.h"
#include "kernels/manifest.h"

/* Where the cache is. -ENOENT when neither XDG_CACHE_HOME nor HOME says. Makes nothing. */
int cache_find(char ret[static PATH_MAX], struct err *err);

/* PARENT/NAME; -ENAMETOOLONG. */
int cache_path(char ret[static PATH_MAX], const char *parent, const char *name, struct err *err);

/* Make a directory and those above it (0777 less the umask). */
int cache_make_directory(const char *path, struct err *err);

/* The entry of a fetched kernel, "kernels/debian-RELEASE", and of an image elsewhere, "extracted/DIGEST". */
int cache_entry_of_release(char ret[static PATH_MAX], const char *cache, const char *release, struct err *err);
int cache_entry_of_image(char ret[static PATH_MAX], const char *cache, const char *sha256, struct err *err);

/*
 * Make the entry, or put this one in the place of another: `vmlinuz` and `vmlinux` are its files, either may be NULL.
 * The files' parts of `manifest` are filled in. Nothing is left after an error; -ENOSPC names file and need.
 */
int cache_store(const char *entry, struct manifest *manifest, const struct content *vmlinuz,
		const struct content *vmlinux, struct err *err);

/* Remove a directory and what is in it; best effort. */
void cache_remove(const char *directory);

/* Add to an ENOSPC or permission error of `path` what can be done; `needed_bytes` 0 when that is not known. */
int cache_advise(struct err *err, const char *path, uint64_t needed_bytes);

#endif
