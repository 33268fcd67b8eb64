/* Texts of /proc/meminfo, and of CPU lists. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/host.h"
#include "snapshot/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine_snapshot machine;
	char *text = malloc(size + 1);

	snapshot_parse_meminfo((const char *)data, size, &machine);
	if (machine.mem_total_kib == UNLIMITED || machine.commit_limit_kib == UNLIMITED)
		abort();
	if (!text)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	host_parse_cpu_list(text);
	free(text);
	return 0;
}
