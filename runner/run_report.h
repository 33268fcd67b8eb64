/* What `enomem run` reports while its cells end, and what they add up to. */
#ifndef ENOMEM_RUN_REPORT_H
#define ENOMEM_RUN_REPORT_H

#include "compare/against.h"
#include "report/baseline_file.h"
#include "report/json_lines.h"
#include "report/preview.h"
#include "report/progress.h"
#include "run/scheduler.h"
#include "run_options.h"

/* Fill the first four; zero the rest. */
struct run_report {
	const struct run_options *options;
	const struct schedule *schedule;
	const struct run_facts *facts; /* of the machine as it is */
	const struct catalogue *catalogue;
	struct json_lines file, out;
	struct baseline_file baseline; /* --baseline */
	struct against against;        /* --against */
	struct progress progress;
	struct tally tally;
	struct preview preview;        /* of a dry run */
	unsigned printed;              /* results on stdout as text so far: in the order of the plan */
	const struct cell *headed;     /* the cell whose configuration stands above the last row */
	const struct run_facts *guest; /* that stands above it */
	bool output_failed;
	bool colour;
};

/* Read, and see, what is wanted of files before anything happens. Negative errno: nothing may be run. */
int run_report_open(struct run_report *report, struct err *err);

/* Release everything; takes one that was not opened, too. */
void run_report_close(struct run_report *report);

/* Open what is written to, and print what stands above the results. Negative errno: nothing may be run. */
int run_report_begin(struct run_report *report, struct err *err);

/* The schedule's callbacks; `context` is the report. */
void run_report_ended(void *context, struct result *result);
void run_report_tick(void *context, unsigned ended, unsigned running);

/* Say that something could not be written, which the exit status will tell. */
void run_report_failure(struct run_report *report, const struct err *err);

/*
 * Print what is left, and close. `status` is what session_run() returned, `why` its error. Returns the
 * exit status of the run.
 */
int run_report_end(struct run_report *report, uint64_t wall_ns, int status, const struct err *why);

#endif
