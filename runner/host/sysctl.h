/* Reading and writing /proc/sys without the heap: at a commit limit there is none. */
#ifndef ENOMEM_HOST_SYSCTL_H
#define ENOMEM_HOST_SYSCTL_H

#include <stddef.h>

#define SYSCTL_VALUE_BYTES 32

/* The number in /proc/sys/FILE as the kernel prints it. 0 or a negative errno; -EINVAL for more than one number. */
int sysctl_read(const char *file, char value[SYSCTL_VALUE_BYTES]);

/* Write a number. 0 or a negative errno: -EINVAL for one out of the kernel's range, -EACCES without the right. */
int sysctl_write(const char *file, const char *value);

#endif
