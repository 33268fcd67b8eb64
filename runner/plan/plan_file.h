/*
 * Plan files: scenarios x configurations x environments, in YAML.
 *
 *   scenarios: [many-mmaps, {name: big-fork, parameters: {vmas: 16}}]
 *   environments: [ns, host, "vm:debian:7.2"]
 *   configurations:
 *     default: {}
 *     strict: {vm.overcommit_memory: 2, vm.overcommit_ratio: 50, rlimit.as: 4G}
 *   repeat: 1
 *
 * A scenario with `configurations: "maps-*"` runs in those alone; it may be listed several times.
 *
 * What is left out has a default: all scenarios, environment ns, the host as it is set, once.
 * plans/example.yaml is a commented one. Errors name the file, the line and the field.
 */
#ifndef ENOMEM_PLAN_PLAN_FILE_H
#define ENOMEM_PLAN_PLAN_FILE_H

#include <stddef.h>

#include "plan/configuration.h"
#include "plan/plan.h"

struct plan_file {
	struct choice *choices; /* none: all scenarios */
	unsigned choice_count;
	struct configuration *configurations; /* none: the host as it is set */
	unsigned configuration_count;
	struct environment_choice environments[ENVIRONMENTS_MOST];
	unsigned environment_count; /* 0: not said */
	uint64_t repeats;           /* 0: not said */
	char **strings;             /* what choices point to */
	size_t string_count;
};

/*
 * Load a plan. -EINVAL with one sentence for whatever is wrong in it, -EFBIG for more than 1 MiB;
 * *ret is then empty. Release with plan_file_free(), which takes a zeroed one too.
 */
int plan_file_load(const char *path, struct plan_file *ret, struct err *err);
void plan_file_free(struct plan_file *file);

/* The same from a text, for tests and fuzzers; `name` is the file's, for errors. */
int plan_file_parse(const char *text, size_t length, const char *name, struct plan_file *ret, struct err *err);

#endif
