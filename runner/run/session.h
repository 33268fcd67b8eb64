/*
 * A session: what every command that runs cells sets up and releases: the catalogue, the plan, the
 * host's facts, the topology and the environments. Its cells run in stages: those that have
 * environment and settings of the machine in common.
 */
#ifndef ENOMEM_RUN_SESSION_H
#define ENOMEM_RUN_SESSION_H

#include "environment/environment.h"
#include "plan/plan.h"
#include "run/result.h"
#include "run/scheduler.h"

struct session {
	struct catalogue catalogue;
	struct run_facts facts; /* of the stage that runs */
	struct environment_context context;
	struct control control;
	struct plan plan;
	struct result **results; /* for each run of the plan: NULL before it starts and after it was reported */
	bool dry_run;            /* nothing of the machine is changed: settings are imagined */
	bool below_use;          /* values below what is in use are set all the same */
};

/* A session that has nothing to release. */
#define SESSION_NONE                                                                                                \
	{                                                                                                           \
		.context = {.agent_fd = -1, .machine_lock = -1}, .control = {.lock_fd = -1, .journal = {.fd = -1} } \
	}

/*
 * Load the catalogue, make the plan, read the host. Starts nothing, so that bad input is found
 * before anything happens. Release with session_end(), which takes a half-made one and SESSION_NONE, too.
 */
int session_begin(const struct selection *selection, struct session *ret, struct err *err);

/*
 * Make the environments of the plan ready. -EPERM and others: cells cannot run here; -EBUSY when a
 * configuration has values below what running processes use.
 */
int session_prepare(struct session *session, enum isolation_wish wish, struct err *err);

/* A schedule for session_run(), with defaults for all that a command may choose. */
struct schedule session_schedule(struct session *session);

/*
 * Run all stages. Returns 0, or as schedule_run(), or the negative errno with which the machine's
 * settings could not be put back: then *err says what to do, and no more stages are begun.
 */
int session_run(struct session *session, struct schedule *schedule, struct err *err);

void session_end(struct session *session);

#endif
