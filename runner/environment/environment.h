/*
 * Environments: where cells run. One file and one table of functions each.
 */
#ifndef ENOMEM_ENVIRONMENT_ENVIRONMENT_H
#define ENOMEM_ENVIRONMENT_ENVIRONMENT_H

#include <hwloc.h>

#include "cell/specification.h"
#include "environment/isolation.h"
#include "plan/catalogue.h"

/* What a run has of its environment between prepare and tear_down. */
struct environment_context {
	const struct catalogue *catalogue;
	enum isolation_wish wish;
	struct isolation isolation;
	hwloc_topology_t topology; /* borrowed */
	int agent_fd;              /* the agent's program; -1 when not prepared */
};

/* A cell that runs: the agent's process and the pipe on which its observation comes. */
struct running {
	pid_t pid;
	int pid_fd;
	int gate; /* kept open: its end tells the child that the runner died */
	int output_fd;
};

struct environment {
	const char *name;

	/* 0 when cells can run here; else a negative errno and why not, which makes them SKIP. */
	int (*prepare)(struct environment_context *context, struct err *err);

	/* Start one cell, bound to the processing unit `cpu` (OS index). */
	int (*start)(struct environment_context *context, const struct specification *specification, unsigned cpu,
		     struct running *ret, struct err *err);

	/* Release everything; takes a half-prepared context. */
	void (*tear_down)(struct environment_context *context);
};

extern const struct environment environment_ns;

#endif
