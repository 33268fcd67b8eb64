/* A guest's swap device: an image in memory that is swap space already, so that the guest needs no mkswap. */
#ifndef ENOMEM_GUEST_SWAP_IMAGE_H
#define ENOMEM_GUEST_SWAP_IMAGE_H

#include <stdint.h>

#include "support/err.h"

/* Make one of so many bytes, whole pages; *ret is a sparse memfd. -ENOMEM, -EFBIG. */
int swap_image_make(uint64_t bytes, int *ret, struct err *err);

#endif
