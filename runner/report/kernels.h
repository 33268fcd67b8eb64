/* Tables of kernels, for people and for programs. */
#ifndef ENOMEM_REPORT_KERNELS_H
#define ENOMEM_REPORT_KERNELS_H

#include <stdbool.h>
#include <stdio.h>

#include "kernels/package_index.h"
#include "kernels/inventory.h"

/* Kernels that can be used now. */
void kernels_print(FILE *stream, const struct inventory *inventory);

/* What the archive offers: a line for each minor version, with all its versions. */
void kernels_print_available(FILE *stream, const struct package_index *index, const struct inventory *inventory);

/* Both as one JSON object; `index` may be NULL. -ENOMEM. */
int kernels_print_json(FILE *stream, const struct inventory *inventory, const struct package_index *index);

#endif
