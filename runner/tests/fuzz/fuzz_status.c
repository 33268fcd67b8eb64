/* Texts of /proc/PID/status and /proc/PID/limits. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "snapshot/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct process_snapshot process;
	struct err err = {0};
	int status = snapshot_parse_status((const char *)data, size, &process, &err);

	if (status == 0 && process.vm_size_kib >= UNKNOWN)
		abort();
	if (status < 0 && err.code != -status)
		abort();
	if (snapshot_parse_limits((const char *)data, size, &process, &err) < 0)
		return 0;
	for (int name = 0; name < LIMIT_COUNT; name++) {
		if (process.limits[name].soft == UNKNOWN || process.limits[name].hard == UNKNOWN)
			abort();
	}
	return 0;
}
