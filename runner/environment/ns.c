/* The `ns` environment: namespaces on this kernel. Needs no privilege and changes nothing. */
#include <errno.h>
#include <unistd.h>

#include "environment/launch.h"
#include "environment/program.h"

/*
 * Nobody else changes the machine while we measure: the lock is shared by all who only measure. What
 * an interrupted run left is put back first, by who may.
 */
static int share_machine(struct environment_context *context, struct err *err)
{
	int status;

	if (context->control->lock_fd >= 0)
		return 0; /* this run has it alone, in the host environment */
	status = lock_take(false, context->waiting, NULL, &context->machine_lock, err);
	if (status < 0 || !restore_is_needed() || lock_alone(context->machine_lock) < 0)
		return status;
	if (geteuid() == 0 && restore_all(context->say) == 0) {
		lock_share(context->machine_lock);
		return 0;
	}
	lock_share(context->machine_lock);
	if (context->say)
		context->say(
			"an interrupted run left settings of this machine changed: `enomem restore`, as root, puts "
			"them back");
	return 0;
}

static int prepare(struct environment_context *context, struct err *err)
{
	int status = isolation_probe(context->wish, &context->isolation, err);

	if (status == 0 && context->machine_lock < 0)
		status = share_machine(context, err);
	if (status == 0 && context->agent_fd < 0)
		status = program_open(context->catalogue, "enomem-agent", &context->agent_fd, err);
	return status;
}

static int start(struct environment_context *context, const struct configuration *configuration,
		 const struct isolation *isolation, const struct specification *specification, unsigned cpu,
		 struct running *ret, struct err *err)
{
	struct launch cell = {.specification = specification, .isolation = isolation, .cpu = cpu};

	(void)configuration;
	return launch(context, &cell, ret, err);
}

static void tear_down(struct environment_context *context)
{
	if (context->agent_fd >= 0)
		close(context->agent_fd);
	if (context->machine_lock >= 0)
		close(context->machine_lock);
	context->agent_fd = context->machine_lock = -1;
}

const struct environment environment_ns = {
	.id = ENVIRONMENT_NS,
	.prepare = prepare,
	.start = start,
	.tear_down = tear_down,
};

const struct environment *environment_of(enum environment_id id)
{
	static const struct environment *const all[ENVIRONMENT_IDS] = {&environment_ns, &environment_host,
								       &environment_vm};

	return all[id];
}
