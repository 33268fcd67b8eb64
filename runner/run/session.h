/*
 * A session: what every command that runs cells sets up and releases: the catalogue, the host's
 * facts, the topology and the environment.
 */
#ifndef ENOMEM_RUN_SESSION_H
#define ENOMEM_RUN_SESSION_H

#include "environment/environment.h"
#include "plan/plan.h"
#include "run/result.h"
#include "run/scheduler.h"

struct session {
	struct catalogue catalogue;
	struct run_facts facts;
	struct environment_context context;
	const struct environment *environment;
	struct plan plan;
	struct result **results; /* for each cell of the plan: NULL before it starts and after it was reported */
};

/*
 * Load the catalogue, make the plan, read the host. Starts nothing, so that bad input is found
 * before anything happens. Release with session_end(), which takes a half-made one too.
 */
int session_begin(const struct selection *selection, struct session *ret, struct err *err);

/* Make the environment ready. -EPERM and others: cells cannot run here. */
int session_prepare(struct session *session, enum isolation_wish wish, struct err *err);

/* A schedule over all cells of the session, with defaults for the rest. */
struct schedule session_schedule(struct session *session);

void session_end(struct session *session);

#endif
