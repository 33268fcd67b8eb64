/*
 * Environments: where cells run. One file and one table of functions each.
 */
#ifndef ENOMEM_ENVIRONMENT_ENVIRONMENT_H
#define ENOMEM_ENVIRONMENT_ENVIRONMENT_H

#include <hwloc.h>

#include "cell/specification.h"
#include "environment/isolation.h"
#include "host/control.h"
#include "plan/plan.h"

struct schedule;
struct vm;

/* What a run has of its environments between prepare and tear_down. */
struct environment_context {
	const struct catalogue *catalogue;
	enum isolation_wish wish;
	struct isolation isolation;
	hwloc_topology_t topology;                             /* borrowed; NULL in a guest */
	void (*bind)(hwloc_topology_t topology, unsigned cpu); /* the calling thread to a processing unit */
	int agent_fd;                                          /* the agent's program; -1 when not prepared */
	int machine_lock;                                      /* of ns: shared; -1: none */
	struct control *control;                               /* of host: the right to change the machine */
	unsigned push_numbers[SPECIFICATION_PUSHES_MOST];      /* of the running cell's pushes, for control_push() */
	const struct plan *plan;                               /* borrowed; of vm: which kernels are needed */
	struct vm *vm;                                         /* of vm: QEMU and the kernels */
	lock_waiting *waiting;                                 /* while another run has the machine; may be NULL */
	restore_say *say;                                      /* hears what of an earlier run is put back */
};

/* A cell that runs: the agent's process and the pipes to it. */
struct running {
	pid_t pid;
	int pid_fd;
	int gate;      /* kept open: its end tells the child that the runner died */
	int output_fd; /* its observation comes here, and what it asks for */
	int reply_fd;  /* what it asked for is answered here */
};

struct environment {
	enum environment_id id;

	/* 0 when cells can run here; else a negative errno and why not. */
	int (*prepare)(struct environment_context *context, struct err *err);

	/* Bring what the configuration says of the machine into force, and back. NULL: nothing is changed. */
	int (*configure)(struct environment_context *context, const struct configuration *configuration,
			 struct err *err);
	int (*put_back)(struct environment_context *context, struct err *err);

	/* Start one cell, bound to the processing unit `cpu` (OS index), in this isolation. */
	int (*start)(struct environment_context *context, const struct configuration *configuration,
		     const struct isolation *isolation, const struct specification *specification, unsigned cpu,
		     struct running *ret, struct err *err);

	/* Make push number `index` of the running cell; uses no heap. 0 or a negative errno. NULL: cannot. */
	int (*push)(struct environment_context *context, unsigned index);

	/* Now and then while cells run; uses no heap. NULL: nothing to look after. */
	void (*watch)(struct environment_context *context);

	/* A cell has ended: undo what it alone changed. NULL: nothing. */
	int (*settle)(struct environment_context *context, struct err *err);

	/* Instead of all above but prepare: run a whole stage, as schedule_run(). NULL: cell by cell. */
	int (*run)(struct schedule *schedule);

	/* Release everything; takes a half-prepared context. */
	void (*tear_down)(struct environment_context *context);
};

extern const struct environment environment_ns, environment_host, environment_vm;

const struct environment *environment_of(enum environment_id id);

#endif
