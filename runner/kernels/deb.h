/* The kernel image in a Debian package. */
#ifndef ENOMEM_KERNELS_DEB_H
#define ENOMEM_KERNELS_DEB_H

#include "kernels/content.h"

/*
 * Take the one file boot/vmlinuz-* or usr/lib/modules/RELEASE/vmlinuz out of a .deb in memory. -EBADMSG when it is
 * damaged, -ENOENT when there is no such file, -EFBIG, -ENOMEM. `name` is for the sentence of an error. Release `ret`
 * with content_free().
 */
int deb_take_vmlinuz(const struct content *deb, const char *name, struct content *ret, struct err *err);

#endif
