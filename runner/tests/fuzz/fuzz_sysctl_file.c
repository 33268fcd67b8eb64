/* Sysctl files: any bytes. What is taken is a configuration that can be set. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/sysctl_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct configuration configuration = {0};
	struct err err = {0};
	unsigned others = 0;

	if (sysctl_file_parse((const char *)data, size, "a.conf", &configuration, &others, &err) < 0) {
		if (strncmp(err.text, "cannot ", 7) != 0)
			abort();
		return 0;
	}
	if (configuration.count == 0 || configuration.count > KNOBS || configuration_check(&configuration, &err) < 0)
		abort();
	for (unsigned i = 0; i < configuration.count; i++) {
		if (!configuration.settings[i].knob->file || configuration.settings[i].value > INT64_MAX)
			abort();
	}
	return 0;
}
