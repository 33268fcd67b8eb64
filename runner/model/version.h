/* Kernel versions, as far as rules differ by them: major and minor. */
#ifndef ENOMEM_MODEL_VERSION_H
#define ENOMEM_MODEL_VERSION_H

#include <stdbool.h>

/* A version as one number that compares: 6.12 is 6012. */
typedef int kernel_version;

#define KERNEL(major, minor) ((major)*1000 + (minor))
#define KERNEL_OLDEST KERNEL(5, 10)
#define KERNEL_ANY_LATER KERNEL(999, 0)

/* The version in a release like "6.18.44-fc" or "7.3-rc1"; 0 when it begins with none. */
kernel_version kernel_version_parse(const char *release);

#endif
