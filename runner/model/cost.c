#include "model/cost.h"

#include <stddef.h>

uint64_t cost_vma_bytes(kernel_version version)
{
	static const struct {
		kernel_version since;
		uint64_t bytes;
	} costs[] = {
		{KERNEL(6, 18), 192 + 87},
		{KERNEL(6, 12), 176 + 40 + 41},
		{KERNEL(6, 1), 152 + 38},
	};

	for (size_t i = 0; i < sizeof(costs) / sizeof(*costs); i++) {
		if (version >= costs[i].since)
			return costs[i].bytes;
	}
	return 200;
}
