/*
 * The scenario's process, as the agent handles it: start, wait on its record page, order, kill.
 * Every wait has a deadline, and notices when the process dies instead of answering.
 */
#ifndef ENOMEM_AGENT_PROCESS_H
#define ENOMEM_AGENT_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

#include "cell/observation.h"
#include "cell/specification.h"
#include "scenarios/lib/record.h"

struct process {
	pid_t pid; /* 0 when there is none */
	struct record *record;
	int record_fd;
	uint64_t deadline_ns; /* CLOCK_MONOTONIC */
	struct death died;
};

/*
 * Make a record page for the specification and start the program, with the limits that apply
 * from exec on when `with_limits`. Whatever was made is released by process_end().
 */
int process_start(const struct specification *specification, uint64_t start_bytes, bool with_limits,
		  struct process *ret, struct err *err);

/*
 * Wait until the scenario leaves `state`. Returns 0, -ETIMEDOUT at the deadline, or -ECHILD when
 * it died; `process->died` then says how.
 */
int process_wait(struct process *process, enum record_state state);

/* Kill, reap and release; keeps `died` when it had died before. Takes half-started processes. */
void process_end(struct process *process);

/* Set a soft limit of the process, keeping the hard one. Returns 0 or a negative errno. */
int process_set_soft_limit(pid_t pid, enum limit_name name, uint64_t soft_bytes);
int process_set_limit(pid_t pid, enum limit_name name, const struct limit *limit);

/* Set what a specification asks for; `start_bytes` is what a relative one is over. */
int process_apply_limit(pid_t pid, const struct limit_setting *setting, uint64_t start_bytes);

int process_get_limit(pid_t pid, enum limit_name name, struct limit *ret);

/* OS index of the only CPU that the process may use; -1 when there are several. */
int process_cpu(pid_t pid);

#endif
