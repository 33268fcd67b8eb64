#include "run/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/in_use.h"

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

	*ret = (struct session)SESSION_NONE;
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

static bool plan_has(const struct plan *plan, enum environment_id environment)
{
	for (unsigned i = 0; i < plan->cell_count; i++) {
		if (plan->cells[i].environment == environment)
			return true;
	}
	return false;
}

/* Before anything is changed, for all configurations that will be in force. */
static int check_in_use(const struct session *session, struct err *err)
{
	const struct configuration *last = NULL;
	int status = 0;

	for (unsigned i = 0; i < session->plan.cell_count && status == 0; i++) {
		const struct cell *cell = &session->plan.cells[i];

		if (cell->environment != ENVIRONMENT_HOST || cell->configuration == last)
			continue;
		last = cell->configuration;
		status = in_use_check(last, session->facts.host.facts.page_bytes, err);
	}
	return status;
}

int session_prepare(struct session *session, enum isolation_wish wish, struct err *err)
{
	bool host = plan_has(&session->plan, ENVIRONMENT_HOST) && !session->dry_run;
	bool vm = plan_has(&session->plan, ENVIRONMENT_VM);
	bool ns = plan_has(&session->plan, ENVIRONMENT_NS) ||
		  (session->dry_run && plan_has(&session->plan, ENVIRONMENT_HOST));
	int status = 0;

	session->context.catalogue = &session->catalogue;
	session->context.topology = session->facts.topology.hwloc;
	session->context.bind = topology_bind;
	session->context.control = &session->control;
	session->context.plan = &session->plan;
	session->context.wish = wish;
	if (vm)
		status = environment_vm.prepare(&session->context, err);
	/* Host first: who has the machine alone need not share it. */
	if (status == 0 && host)
		status = environment_host.prepare(&session->context, err);
	if (status == 0 && host && !session->below_use)
		status = check_in_use(session, err);
	if (status == 0 && ns)
		status = environment_ns.prepare(&session->context, err);
	session->facts.isolation = session->context.isolation;
	/* Another run may have had the machine until now. */
	return status == 0 ? read_host(&session->facts.host, err) : status;
}

struct schedule session_schedule(struct session *session)
{
	return (struct schedule){.context = &session->context,
				 .facts = &session->facts,
				 .settings = {.timeout_ms = 60000, .jobs = 1},
				 .jobs = 1,
				 .guests = 1,
				 .cpu = -1,
				 .plan = &session->plan,
				 .results = session->results,
				 .count = session->plan.count};
}

static bool in_one_stage(const struct cell *a, const struct cell *b)
{
	/* A guest sets its own machine; and guests of other kernels run side by side. */
	return a->environment == b->environment &&
	       (a->environment == ENVIRONMENT_VM || configuration_same_machine(a->configuration, b->configuration));
}

/* Runs from `first` on that can be made without changing the machine in between. */
static unsigned stage_length(const struct plan *plan, unsigned first)
{
	const struct cell *cell = plan_cell(plan, first);
	unsigned end = first / plan->repeats + 1;

	while (end < plan->cell_count && in_one_stage(&plan->cells[end], cell))
		end++;
	return end * plan->repeats - first;
}

/* What is SKIP for the cells of a stage whose settings cannot come into force. */
static bool is_skip(int status)
{
	return status == -EBUSY || status == -EINVAL || status == -ENOSPC || status == -ENOMEM || status == -ENOTSUP;
}

static int configure(struct session *session, struct schedule *schedule, const struct configuration *configuration,
		     struct err *err)
{
	int status = 0;

	if (schedule->imagines) {
		configuration_imagine(configuration, session->facts.host.facts.page_bytes,
				      &session->facts.host.snapshot.machine);
		return 0;
	}
	if (!schedule->environment->configure)
		return 0;
	if (!session->below_use)
		status = in_use_check(configuration, session->facts.host.facts.page_bytes, err);
	if (status == 0)
		status = schedule->environment->configure(&session->context, configuration, err);
	return status == 0 ? read_host(&session->facts.host, err) : status;
}

static int run_stage(struct session *session, struct schedule *schedule, struct err *err)
{
	const struct cell *cell = plan_cell(&session->plan, schedule->first);
	const struct host_view found = session->facts.host;
	struct err why = {0};
	int status, put_back = 0;

	schedule->imagines = session->dry_run && cell->environment == ENVIRONMENT_HOST;
	schedule->environment = schedule->imagines ? &environment_ns : environment_of(cell->environment);
	/* Who changes the machine is alone on it. */
	schedule->settings.pushes_knobs = schedule->environment->push != NULL;
	schedule->jobs = schedule->environment->configure ? 1 : schedule->settings.jobs;
	status = configure(session, schedule, cell->configuration, &why);
	if (status == 0)
		status = schedule->environment->run ? schedule->environment->run(schedule) : schedule_run(schedule);
	else
		schedule_give_up(schedule, &why, is_skip(status));
	status = status == -EINTR || (status == -ENOMEM && why.code == 0) ? status : 0;
	if (schedule->environment->put_back)
		put_back = schedule->environment->put_back(&session->context, err);
	session->facts.host = found;
	return put_back < 0 ? put_back : status;
}

int session_run(struct session *session, struct schedule *schedule, struct err *err)
{
	int status = 0;

	for (unsigned first = 0; first < session->plan.count && status == 0; first += schedule->count) {
		schedule->first = first;
		schedule->count = stage_length(&session->plan, first);
		status = run_stage(session, schedule, err);
	}
	return status;
}

void session_end(struct session *session)
{
	environment_vm.tear_down(&session->context);
	environment_host.tear_down(&session->context);
	environment_ns.tear_down(&session->context);
	for (unsigned i = 0; session->results && i < session->plan.count; i++)
		free(session->results[i]);
	free(session->results);
	session->results = NULL;
	topology_free(&session->facts.topology);
	plan_free(&session->plan);
	catalogue_free(&session->catalogue);
}
