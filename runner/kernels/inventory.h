/* The kernels that can be used now: fetched ones, and those in /boot. */
#ifndef ENOMEM_KERNELS_INVENTORY_H
#define ENOMEM_KERNELS_INVENTORY_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/manifest.h"

enum kernel_source { KERNEL_FETCHED, KERNEL_IN_BOOT };

struct inventory_kernel {
	enum kernel_source source;
	char name[PATH_MAX];      /* what `vm:NAME` takes: "debian:7.2.13", or the path */
	char path[PATH_MAX];      /* the vmlinuz */
	char entry[PATH_MAX];     /* fetched: its directory in the cache */
	char damage[480];         /* why it cannot be used; empty when it can */
	struct manifest manifest; /* release and version; of one in /boot only these and the size of vmlinuz */
	bool is_debian;           /* `debian:VERSION` may mean it */
};

struct inventory {
	struct inventory_kernel *kernels; /* newest first; of the same version fetched ones first */
	unsigned count;
	unsigned unreadable; /* images in the boot directory that only others may read */
};

/*
 * Read both directories; either may be missing. Files are looked at, not verified. Negative errno without memory.
 * Release it with inventory_free(), which takes a zeroed one too.
 */
int inventory_read(const char *cache, const char *boot, struct inventory *ret, struct err *err);
void inventory_free(struct inventory *inventory);

/*
 * For the kernels in /boot: fill manifest.vmlinux when it is extracted already. It reads the images, about 30 ms each.
 */
void inventory_look_for_extracted(const char *cache, struct inventory *inventory);

/* The newest that `debian:VERSION` means and that is not damaged, else a damaged one, else NULL. */
const struct inventory_kernel *inventory_newest(const struct inventory *inventory, const char *version);

#endif
