/* Fetching kernels from Debian's archive into the cache. */
#ifndef ENOMEM_KERNELS_FETCH_H
#define ENOMEM_KERNELS_FETCH_H

#include "kernels/debian.h"

/* Says what was done with each name: one line. */
typedef void fetch_say(const char *line);

/*
 * Fetch kernels by their names ("debian:7.2"). All names are looked up before anything is downloaded: -EINVAL for
 * one that is no such name, -ENOENT with those nearby for a version that the archive has not. Errors
 * else as of debian_read_index(), cache_store() and unpack_package(); what was stored before one stays.
 */
int fetch_kernels(char *const names[], unsigned count, fetch_progress *progress, fetch_say *say, struct err *err);

#endif
