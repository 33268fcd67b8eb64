/* Plan files: any bytes. An error says where, and leaves nothing; a plan can be used. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct plan_file *file)
{
	char text[1024];

	if (file->environment_count > ENVIRONMENTS_MOST || file->repeats > 100000)
		abort();
	for (unsigned i = 0; i < file->choice_count; i++) {
		if (!file->choices[i].pattern || !*file->choices[i].pattern)
			abort();
		for (unsigned j = 0; j < file->choices[i].parameter_count; j++) {
			if (!strchr(file->choices[i].parameters[j], '='))
				abort();
		}
	}
	for (unsigned i = 0; i < file->configuration_count; i++) {
		if (file->configurations[i].count > KNOBS || !file->configurations[i].name[0])
			abort();
		configuration_format(&file->configurations[i], text, sizeof(text));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan_file file;
	struct err err = {0};
	int status = plan_file_parse((const char *)data, size, "plan.yaml", &file, &err);

	if (status == 0)
		check(&file);
	else if (strncmp(err.text, "cannot ", 7) != 0 || file.choices || file.configurations || file.strings)
		abort();
	plan_file_free(&file);
	return 0;
}
