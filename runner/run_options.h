/* Options of `enomem run`. */
#ifndef ENOMEM_RUN_OPTIONS_H
#define ENOMEM_RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "environment/isolation.h"
#include "plan/plan.h"

#define RUN_WORDS_MOST 64

enum run_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_KTAP };

struct run_options {
	const char *patterns[RUN_WORDS_MOST];
	const char *skips[RUN_WORDS_MOST];
	const char *parameters[RUN_WORDS_MOST];
	const char *settings[RUN_WORDS_MOST];       /* --set */
	const char *configurations[RUN_WORDS_MOST]; /* --config */
	const char *sysctl_files[RUN_WORDS_MOST];
	const char *environments[RUN_WORDS_MOST];
	unsigned pattern_count, skip_count, parameter_count, setting_count, configuration_count, sysctl_file_count,
		environment_count;
	const char *plan;
	uint64_t repeats; /* 0: not said */
	uint64_t jobs; /* 0: not said */
	uint64_t timeout_ms, at_most;
	int cpu; /* -1: any */
	enum isolation_wish wish;
	const char *output;
	const char *baseline, *against; /* files, NULL: none */
	enum run_format format;
	bool dry_run, witness;
	bool allow_host_changes, below_use, yes;
	char command[4096]; /* this command line, but for where results go and how fast; cut when longer */
	struct err err;     /* code set: a word was wrong, and nothing may be done */
};

/* Parse; prints help and exits when asked for it. Returns 0 or a negative errno with ret->err. */
int run_options_parse(int argc, char *argv[], struct run_options *ret);

#endif
