/* Swap files of a size, made for a configuration and removed again. */
#ifndef ENOMEM_HOST_SWAP_H
#define ENOMEM_HOST_SWAP_H

#include <stdint.h>

#include "support/err.h"

/*
 * Make a swap file of so many bytes at `path` and use it. -ENOSPC without room on its file system,
 * -EINVAL when that cannot hold swap files. Whatever was made is removed by swap_remove().
 */
int swap_make(const char *path, uint64_t bytes, struct err *err);

/* Switch it off, when it is on, and delete it. 0 or a negative errno. Uses no heap. */
int swap_remove(const char *path);

#endif
