/* Running apt's programs with the private configuration. */
#ifndef ENOMEM_KERNELS_APT_H
#define ENOMEM_KERNELS_APT_H

#include "kernels/debian.h"

/* The directory of the private configuration, made and filled when it is not there. */
int apt_prepare(char *directory, size_t size, struct err *err);

/*
 * Run words[0] ("apt-get", "apt-cache") in `where`, output into the file `output` below the configuration's
 * directory. 0, or -EKEYREJECTED, -ENETUNREACH, -ENOSPC or -EIO by what apt says; -EINTR at an interrupt.
 */
int apt_run(const char *directory, char *const words[], const char *where, const char *output,
	    fetch_progress *progress, struct err *err);

#endif
