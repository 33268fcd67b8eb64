/* From a bzImage to the vmlinux that QEMU starts directly. */
#ifndef ENOMEM_KERNELS_EXTRACT_H
#define ENOMEM_KERNELS_EXTRACT_H

#include "kernels/content.h"
#include "kernels/image.h"

/*
 * Unpack the kernel of `bzimage`, of which `image` tells. `ret` stays empty when QEMU could not start it directly,
 * since its compression is not known or it has no PVH entry: then the bzImage is what boots. -EBADMSG when it is
 * damaged, -EFBIG, -ENOMEM. Release `ret` with content_free().
 */
int extract_vmlinux(const struct content *bzimage, const struct image *image, const char *name, struct content *ret,
		    struct err *err);

#endif
