/*
 * Running a stage, cells of a plan that have the machine's settings in common: up to `jobs` at a time, each on a
 * processing unit of its own. A cell on which the commit accounting of the whole machine decides runs alone.
 */
#ifndef ENOMEM_RUN_SCHEDULER_H
#define ENOMEM_RUN_SCHEDULER_H

#include "environment/environment.h"
#include "run/result.h"
#include "run/witnessing.h"

struct schedule {
	const struct environment *environment;
	struct environment_context *context;
	const struct run_facts *facts;
	struct run_settings settings;
	unsigned jobs;
	unsigned guests; /* that run at a time */
	int cpu; /* OS index for the first job, -1: any */
	const struct plan *plan;
	unsigned first, count;         /* the runs of it that are to be made */
	struct result **results;       /* of all runs, NULL until one starts; whoever has reported one may free it */
	bool wants_witness;
	struct witnessing *witnessing; /* of cells on this kernel; NULL: no witness was asked for */
	bool imagines; /* settings of the machine are not in force: predictions are made as if they were */

	/* Called when a cell has ended (its verdict filled in) and while cells run; may be NULL. */
	void (*ended)(void *context, struct result *result);
	void (*tick)(void *context, unsigned ended, unsigned running);
	void *callback_context;
};

/*
 * Run until all cells have ended or an interrupt came. Returns 0, or -EINTR: then the cells that
 * ran were killed, and those that had ended are reported; or -ENOMEM when there was none for the
 * next cell's result although no cell ran.
 */
int schedule_run(struct schedule *schedule);

/* A result for the plan's run number `index`; NULL when there is no memory. */
struct result *schedule_make_result(const struct schedule *schedule, unsigned index);

/* It has its verdict: report it. */
void schedule_end(struct schedule *schedule, struct result *result);

/* End all runs of the stage without making them: SKIP (or BROKEN) with this reason. */
void schedule_give_up(struct schedule *schedule, const struct err *err, bool skip);

/* Give a reported result's memory back: a run can have many. */
void schedule_release(const struct schedule *schedule, const struct result *result);

/* Turn SIGINT, SIGTERM and SIGHUP into an interrupt unless ignored; a second one ends the process at once. */
void schedule_catch_interrupts(void);

/* The signal that interrupted, 0 when none did. */
int schedule_interrupted(void);

#endif
