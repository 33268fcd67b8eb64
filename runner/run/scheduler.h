/*
 * Running the cells of a plan: up to `jobs` at a time, each on a processing unit of its own.
 * A cell on which the commit accounting of the whole machine decides runs alone.
 */
#ifndef ENOMEM_RUN_SCHEDULER_H
#define ENOMEM_RUN_SCHEDULER_H

#include "environment/environment.h"
#include "run/result.h"

struct schedule {
	const struct environment *environment;
	struct environment_context *context;
	const struct run_facts *facts;
	struct run_settings settings;
	unsigned jobs;
	int cpu;                  /* OS index for the first job, -1: any */
	const struct cell *cells; /* of the plan */
	struct result **results;  /* for each, NULL until it starts; whoever has reported one may free it */
	unsigned count;

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

/* Give a reported result's memory back: a run can have many. */
void schedule_release(const struct schedule *schedule, const struct result *result);

/* Turn SIGINT, SIGTERM and SIGHUP into an interrupt unless ignored; a second one ends the process at once. */
void schedule_catch_interrupts(void);

/* The signal that interrupted, 0 when none did. */
int schedule_interrupted(void);

#endif
