/* From a cell and its host to what the agent is told: bounds, limits, reserves and pushes. */
#ifndef ENOMEM_CELL_SPECIFY_H
#define ENOMEM_CELL_SPECIFY_H

#include "cell/specification.h"
#include "plan/plan.h"
#include "snapshot/host.h"

/* Operations' (or pages') worth by which each push relaxes its suspect. */
#define PUSH_OPERATIONS 7

/* What holds for all cells of a run. */
struct run_settings {
	uint64_t timeout_ms;
	uint64_t at_most; /* operations or pages; 0: as far as the prediction says, and some more */
	unsigned jobs;    /* cells that run at a time and share the memory that is available */
	bool ready_only;
	bool witness;      /* somebody can trace the refused request */
	bool pushes_knobs; /* the environment may raise vm.* while a refusal stands */
};

/* The facts by which a cell is planned: the host, and the machine as it is now. */
struct host_view {
	struct host_facts facts;
	struct snapshot snapshot; /* of the runner itself and of the machine */
};

/*
 * Make the specification. -ENOSPC when the kernel memory that the cell would need does not fit
 * into half of what is available: the sentence has both figures, and the cell is to be skipped.
 * -EPERM when it needs a limit above the hard one: to be skipped, too.
 * -EINVAL for a cell whose declaration makes no sense.
 */
int specify(const struct cell *cell, const struct host_view *host, const struct run_settings *settings,
	    struct specification *ret, struct err *err);

/* Only the limits: those that the scenario declares, with the cell's parameters in them, and the configuration's. */
int specify_limits(const struct cell *cell, struct specification *ret, struct err *err);

#endif
