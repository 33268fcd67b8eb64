#include "snapshot/layout_x86.h"

static uint64_t page_align(uint64_t address, uint64_t page_bytes)
{
	return (address + page_bytes - 1) / page_bytes * page_bytes;
}

/* DEFAULT_MAP_WINDOW: the stack lies at its top, so it is the power of two above it, less a page. */
static uint64_t task_size(uint64_t stack_end, uint64_t page_bytes)
{
	unsigned bits = 64 - (unsigned)__builtin_clzll(stack_end);

	return bits >= 63 ? 0 : (UINT64_C(1) << bits) - page_bytes;
}

uint64_t x86_hole_below_stack(uint64_t mapped_end, uint64_t stack_end, uint64_t page_bytes)
{
	uint64_t size = stack_end ? task_size(stack_end, page_bytes) : 0;
	uint64_t lowest_base = page_align(size - size / 6 * 5, page_bytes); /* gap_max, without the random offset */
	uint64_t offset = lowest_base - mapped_end;
	uint64_t legacy_base = page_align(size / 3, page_bytes) + offset;

	if (size == 0 || mapped_end > lowest_base || legacy_base < mapped_end || legacy_base > stack_end)
		return mapped_end;
	return legacy_base;
}
