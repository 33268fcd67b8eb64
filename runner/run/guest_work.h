/* The work of one guest: which runs of the plan it is to make, and how far it is. */
#ifndef ENOMEM_RUN_GUEST_WORK_H
#define ENOMEM_RUN_GUEST_WORK_H

#include "environment/vm.h"
#include "guest/facts.h"
#include "guest/guest.h"
#include "run/scheduler.h"

#define NO_RUN UINT32_MAX

struct guest_work {
	const struct kernel *kernel;
	struct guest_shape shape;
	unsigned *runs; /* indexes in the plan, in its order; those that have ended are taken out */
	unsigned count;

	/* The boot that runs. */
	struct guest guest;
	uint64_t deadline_ns;
	bool said_hello, said_end;
	unsigned current;  /* the run that it is at; NO_RUN: none */
	char problem[480]; /* why it has to be given up */

	/* Over all boots. */
	unsigned boots;
	unsigned failed_at;      /* the run at which a boot died last; NO_RUN before any was begun */
	unsigned count_at_boot;
	unsigned fruitless; /* boots in a row in which no run ended */
	unsigned failures_at;    /* and how many died there */
	struct run_facts *facts; /* as the guest says; of the vm, not of the work */
};

/*
 * Sort the runs of a stage by guest: *ret_count works, of which the first run of each stands in the order
 * of the plan. Runs whose guest makes no sense are ended (SKIP). -ENOMEM. Release with guest_works_free().
 */
int guest_works_make(struct schedule *schedule, struct guest_work **ret, unsigned *ret_count);
void guest_works_free(struct guest_work *works, unsigned count);

/* The bounds and pushes of a run, from what is known of its guest before it runs. Errors as of specify(). */
int guest_work_specify(const struct schedule *schedule, const struct guest_work *work, const struct cell *cell,
		       struct specification *ret, struct err *err);

/* Start a boot for what is left. Runs that cannot be specified are ended; 0 with no guest when none is left. */
int guest_work_start(struct schedule *schedule, struct guest_work *work, struct err *err);

/* Take one record of the guest. -EBADMSG when it makes no sense. */
int guest_work_take(struct schedule *schedule, struct guest_work *work, const json_t *record, struct err *err);

/* End a run, and take it out of the work. */
void guest_work_end_run(struct schedule *schedule, struct guest_work *work, struct result *result);

#endif
