/* Configurations: named sets of knob values. */
#ifndef ENOMEM_PLAN_CONFIGURATION_H
#define ENOMEM_PLAN_CONFIGURATION_H

#include "plan/knob.h"
#include "snapshot/snapshot.h"

#define CONFIGURATION_NAME_BYTES 64

struct configuration {
	char name[CONFIGURATION_NAME_BYTES];
	struct setting settings[KNOBS]; /* in the order of the knob table */
	unsigned count;
};

/* -EINVAL for a name that could not stand in a path or in a list: letters, digits and . _ + - make one. */
int configuration_name(struct configuration *configuration, const char *name, struct err *err);

/* Add a setting, or replace the value of its knob. */
void configuration_set(struct configuration *configuration, const struct setting *setting);

/* Take a knob's setting away, when there is one. */
void configuration_drop(struct configuration *configuration, enum knob_id id);

/* The setting of a knob, NULL when it has none. */
const struct setting *configuration_find(const struct configuration *configuration, enum knob_id id);

/* "KNOB=VALUE" of a command line. -EINVAL with a sentence that says what is wrong with it. */
int configuration_parse_word(struct configuration *configuration, const char *word, struct err *err);

/*
 * -EINVAL when settings contradict each other: vm.overcommit_ratio and vm.overcommit_kbytes, since
 * writing one makes the other 0.
 */
int configuration_check(const struct configuration *configuration, struct err *err);

/* Whether it has a setting that changes the machine (and not only a process, or the cell's own namespaces). */
bool configuration_changes_machine(const struct configuration *configuration);

/* Whether the parts that change the machine are the same. */
bool configuration_same_machine(const struct configuration *a, const struct configuration *b);

/* The first setting that an environment cannot set, NULL when it can set all. */
const struct setting *configuration_unsettable(const struct configuration *configuration,
					       enum environment_id environment);

/* "vm.overcommit_memory 2, rlimit.as 4G", or "as it is set" for an empty one. Returns `buffer`. */
const char *configuration_format(const struct configuration *configuration, char *buffer, size_t size);

/*
 * The machine's numbers as they would be under the configuration, from those that are: sysctls,
 * swap, and the CommitLimit that follows (mm/util.c vm_commit_limit(), all versions).
 */
void configuration_imagine(const struct configuration *configuration, uint64_t page_bytes,
			   struct machine_snapshot *machine);

#endif
