/* Measuring one cell: from a specification to an observation. */
#ifndef ENOMEM_AGENT_MEASURE_H
#define ENOMEM_AGENT_MEASURE_H

#include "agent/process.h"

/* Run the cell. Always fills *ret; what went wrong is in its outcome. */
void measure(const struct specification *specification, int root_fd, struct observation *ret);

/* Carry out the pushes while a refusal stands, in their order; each stays in force. */
void measure_pushes(const struct specification *specification, struct process *process, struct observation *ret);

/* Have the standing refusal traced, when the specification says so: made once more, with nothing changed. */
void measure_witness(const struct specification *specification, struct process *process, struct observation *ret);

#endif
