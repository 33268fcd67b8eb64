/* Kernel memory that a run will need, so that a run too large for the machine is never started. */
#ifndef ENOMEM_MODEL_COST_H
#define ENOMEM_MODEL_COST_H

#include <stdint.h>

#include "model/version.h"

/*
 * Bytes of kernel memory for one VMA that was never touched: vm_area_struct, its lock where that is
 * an object of its own, and its share of the tree. Measured upper values by version
 * (5.10: rbtree inside; from 6.1: maple tree, up to 87 bytes a VMA with gaps on 6.18).
 */
uint64_t cost_vma_bytes(kernel_version version);

#endif
