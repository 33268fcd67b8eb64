/* Files of tracefs, through a mount that nobody else sees and that goes with its descriptor. Uses no heap. */
#ifndef ENOMEM_WITNESS_TRACEFS_H
#define ENOMEM_WITNESS_TRACEFS_H

#include "support/err.h"

/*
 * A descriptor of tracefs's root, mounted nowhere. -EPERM: not root; -ENODEV: the kernel has no tracefs;
 * others as they come. The sentence says what is missing.
 */
int tracefs_open(struct err *err);

/* Write a text to a file, at its end where `append`. 0 or a negative errno. */
int tracefs_write(int directory_fd, const char *path, const char *text);
int tracefs_append(int directory_fd, const char *path, const char *text);

#endif
