/* From the options of `enomem run`, and the files that they name, to a selection. */
#ifndef ENOMEM_RUN_PLAN_H
#define ENOMEM_RUN_PLAN_H

#include "plan/plan_file.h"
#include "run_options.h"

struct run_plan {
	struct selection selection; /* points into the rest, and into the options */
	struct plan_file file;
	struct choice choices[RUN_WORDS_MOST];
	struct configuration *configurations;
	unsigned configuration_count;
	struct environment_choice environments[ENVIRONMENTS_MOST];
	unsigned sysctl_others; /* settings of sysctl files that are none of ours */
};

/*
 * -EINVAL with what is wrong and where; -EPERM for environment host without --allow-host-changes.
 * Release with run_plan_free(), also after an error.
 */
int run_plan_make(const struct run_options *options, struct run_plan *ret, struct err *err);
void run_plan_free(struct run_plan *plan);

#endif
