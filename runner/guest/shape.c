#include "guest/shape.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PAGE_BYTES 4096 /* of x86-64, the only guests there are now */
#define NODE_BYTES_LEAST (UINT64_C(64) << 20)

/* Of a kernel, its initramfs and its init, about. */
#define TAKEN_BYTES (UINT64_C(128) << 20)

/* The kernel's defaults: include/linux/mm.h DEFAULT_MAX_MAP_COUNT, mm/util.c, mm/mmap.c init_*_reserve(). */
#define MAX_MAP_COUNT 65530
#define OVERCOMMIT_RATIO 50
#define ADMIN_RESERVE_KBYTES 8192
#define USER_RESERVE_KBYTES 131072

static uint64_t value_of(const struct configuration *configuration, enum knob_id id, uint64_t standard)
{
	const struct setting *setting = configuration_find(configuration, id);

	return setting ? setting->value : standard;
}

int guest_shape_of(const struct configuration *configuration, struct guest_shape *ret, struct err *err)
{
	const struct setting *cmdline = configuration_find(configuration, KNOB_GUEST_CMDLINE);

	*ret = (struct guest_shape){.memory_bytes =
					    value_of(configuration, KNOB_GUEST_MEMORY, GUEST_MEMORY_BYTES) >> 20 << 20,
				    .swap_bytes = value_of(configuration, KNOB_GUEST_SWAP, 0) / PAGE_BYTES * PAGE_BYTES,
				    .cpus = (unsigned)value_of(configuration, KNOB_GUEST_CPUS, 1),
				    .numa_nodes = (unsigned)value_of(configuration, KNOB_GUEST_NUMA, 1)};
	snprintf(ret->cmdline, sizeof(ret->cmdline), "%s", cmdline ? cmdline->text : "");
	if (ret->numa_nodes > 1 && ret->memory_bytes / ret->numa_nodes < NODE_BYTES_LEAST) {
		err_set(err, EINVAL, "cannot make a guest of configuration \"%s\": %u NUMA nodes need 64M each",
			configuration->name, ret->numa_nodes);
		return err_advise(err, "raise guest.memory, or lower guest.numa");
	}
	return 0;
}

bool guest_shape_same(const struct guest_shape *a, const struct guest_shape *b)
{
	return a->memory_bytes == b->memory_bytes && a->swap_bytes == b->swap_bytes && a->cpus == b->cpus &&
	       a->numa_nodes == b->numa_nodes && strcmp(a->cmdline, b->cmdline) == 0;
}

struct host_facts guest_expected_facts(const struct guest_shape *shape, const char *release)
{
	struct host_facts facts = {.machine = "x86_64", .page_bytes = PAGE_BYTES, .cpus_present = shape->cpus};

	snprintf(facts.kernel, sizeof(facts.kernel), "%s", release);
	return facts;
}

struct snapshot guest_expected_snapshot(const struct guest_shape *shape, const struct configuration *configuration)
{
	uint64_t available =
		shape->memory_bytes > TAKEN_BYTES ? shape->memory_bytes - TAKEN_BYTES : shape->memory_bytes / 4;
	struct snapshot snapshot = {.machine = {
					    .mem_total_kib = shape->memory_bytes / 1024,
					    .mem_available_kib = available / 1024,
					    .swap_total_kib = shape->swap_bytes / 1024,
					    .max_map_count = MAX_MAP_COUNT,
					    .overcommit_ratio = OVERCOMMIT_RATIO,
					    .admin_reserve_kbytes = ADMIN_RESERVE_KBYTES,
					    .user_reserve_kbytes = USER_RESERVE_KBYTES,
				    }};

	for (int name = 0; name < LIMIT_COUNT; name++)
		snapshot.process.limits[name] = (struct limit){UNLIMITED, UNLIMITED};
	configuration_imagine(configuration, PAGE_BYTES, &snapshot.machine);
	return snapshot;
}
