/*
 * The runner as the one who traces: it answers what the agents of its cells ask for, one at a time, since a trace is
 * of one process. Needs root; where it cannot trace, cells run without a witness, and results say why.
 */
#ifndef ENOMEM_RUN_WITNESSING_H
#define ENOMEM_RUN_WITNESSING_H

#include "run/collector.h"
#include "witness/trace.h"

struct witnessing {
	struct trace trace;
	const struct collector *owner; /* of the cell that is being traced; NULL: none */
	pid_t watcher;                 /* removes what we made when we are killed; 0: none */
	int life;                      /* its end tells the watcher that we ended */
	bool ready;
	struct err why_not;
};

/* Prepare; where that fails ->ready is false and ->why_not says why. */
void witnessing_begin(struct witnessing *ret);

/*
 * Answer what the agent of a cell asks for, when it stands at the beginning of what was read. While another
 * cell is traced it waits for its turn. Uses no heap.
 */
void witnessing_attend(struct witnessing *witnessing, struct collector *collector, struct witness *ret);

/* The cell has ended, whether its trace had or not. */
void witnessing_leave(struct witnessing *witnessing, const struct collector *collector);

/* Remove everything. */
void witnessing_end(struct witnessing *witnessing);

#endif
