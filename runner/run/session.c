#include "run/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int read_host(struct host_view *ret, struct err *err)
{
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = host_read(root_fd, "self", true, &ret->facts, err);

	if (status == 0)
		status = snapshot_read_machine(root_fd, &ret->snapshot.machine, err);
	if (status == 0)
		status = snapshot_read_process(root_fd, getpid(), ret->facts.page_bytes,
					       ret->snapshot.machine.mmap_min_addr, &ret->snapshot.process, err);
	if (root_fd >= 0)
		close(root_fd);
	return status;
}

static int make_results(struct session *session, struct err *err)
{
	session->results = calloc(session->plan.count, sizeof(struct result *));
	return session->results ? 0 : err_no_memory(err);
}

int session_begin(const struct selection *selection, struct session *ret, struct err *err)
{
	int status;

	*ret = (struct session){.environment = &environment_ns, .context = {.agent_fd = -1}};
	status = catalogue_load(&ret->catalogue, err);
	if (status == 0)
		status = plan_make(&ret->catalogue, selection, &ret->plan, err);
	if (status == 0)
		status = read_host(&ret->facts.host, err);
	if (status == 0)
		status = topology_load(&ret->facts.topology, err);
	if (status == 0)
		status = make_results(ret, err);
	return status;
}

int session_prepare(struct session *session, enum isolation_wish wish, struct err *err)
{
	int status;

	session->context.catalogue = &session->catalogue;
	session->context.topology = session->facts.topology.hwloc;
	session->context.wish = wish;
	status = session->environment->prepare(&session->context, err);
	session->facts.isolation = session->context.isolation;
	session->facts.environment = session->environment->name;
	return status;
}

struct schedule session_schedule(struct session *session)
{
	return (struct schedule){.environment = session->environment,
				 .context = &session->context,
				 .facts = &session->facts,
				 .settings = {.timeout_ms = 60000, .jobs = 1},
				 .jobs = 1,
				 .cpu = -1,
				 .cells = session->plan.cells,
				 .results = session->results,
				 .count = session->plan.count};
}

void session_end(struct session *session)
{
	session->environment->tear_down(&session->context);
	for (unsigned i = 0; session->results && i < session->plan.count; i++)
		free(session->results[i]);
	free(session->results);
	session->results = NULL;
	topology_free(&session->facts.topology);
	plan_free(&session->plan);
	catalogue_free(&session->catalogue);
}
