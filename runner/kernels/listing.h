/* Which kernels can be used for guests now. */
#ifndef ENOMEM_KERNELS_LISTING_H
#define ENOMEM_KERNELS_LISTING_H

#include <limits.h>
#include <stddef.h>

#include "support/err.h"

struct listed_kernel {
	char name[PATH_MAX]; /* as --env vm: takes it: "debian:7.2.13", "/boot/vmlinuz-6.1.0-50-amd64" */
	char release[96];
	char source[200];         /* its package, or "a file" */
	unsigned long long bytes; /* of what QEMU boots */
};

struct kernel_listing {
	struct listed_kernel *kernels;
	unsigned count;
};

/* Those that are fetched, and those in /boot that can be read. Release with kernel_listing_free(). */
int kernel_listing_make(struct kernel_listing *ret, struct err *err);
void kernel_listing_free(struct kernel_listing *listing);

#endif
