/* Where x86-64 looks for a hole when mmap is given no address. */
#ifndef ENOMEM_SNAPSHOT_LAYOUT_X86_H
#define ENOMEM_SNAPSHOT_LAYOUT_X86_H

#include <stdint.h>

/*
 * The first usable address of the hole between the highest mapping (ending at `mapped_end`) and
 * the stack (ending at `stack_end`).
 *
 * mmap searches downwards from mm->mmap_base, and only when that fails upwards from
 * mm->mmap_legacy_base. With a normal stack limit mmap_base lies just below the stack. With
 * `ulimit -s unlimited` it lies at a sixth of the address space, and most of the hole above it can
 * only be had by the second search, which starts at a third (arch/x86/mm/mmap.c mmap_base(),
 * mmap_legacy_base(); kernel/sys_x86_64.c arch_get_unmapped_area_topdown(); 5.10 to 7.2). Both
 * bases carry the same random offset, so where the first mapping lies tells where the search starts.
 */
uint64_t x86_hole_below_stack(uint64_t mapped_end, uint64_t stack_end, uint64_t page_bytes);

#endif
