/* Versions of Debian packages: their order, and which of them "7.2" means. */
#ifndef ENOMEM_KERNELS_VERSION_H
#define ENOMEM_KERNELS_VERSION_H

#include <stdbool.h>
#include <stddef.h>

/*
 * In dpkg's order: negative, 0 or positive as `a` is older than, as old as, newer than `b`. "7.2~rc1" comes before
 * "7.2". Epochs are not understood: packages of kernels have none.
 */
int version_compare(const char *a, const char *b);

/*
 * Is `version` one that `wanted` means? "7.2" means 7.2, 7.2.13-1 and 7.2~rc1, but not 7.20; "7.2.13-1" also
 * 7.2.13-1~bpo13+1.
 */
bool version_matches(const char *version, const char *wanted);

/* Can it be a version: a digit first, then digits, letters and .+~- ? */
bool version_is_valid(const char *text);

/* "7.2.13" of "7.2.13-1~bpo13+1": without the revision. Cut when `size` is too small. */
void version_upstream(const char *version, char *ret, size_t size);

/* "7.2" of "7.2.13-1": two components. */
void version_minor(const char *version, char *ret, size_t size);

#endif
