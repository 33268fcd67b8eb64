/*
 * The `host` environment: this machine under other settings. Cells are isolated as in ns; what is
 * the machine's is changed for all, by host/control.h alone, and put back.
 */
#include <errno.h>
#include <unistd.h>

#include "environment/launch.h"
#include "environment/program.h"

static int prepare(struct environment_context *context, struct err *err)
{
	int status = 0;

	if (context->control->lock_fd < 0)
		status = control_begin(context->control, context->waiting, NULL, context->say, err);
	if (status == 0)
		status = isolation_probe(context->wish, &context->isolation, err);
	if (status == 0 && context->agent_fd < 0)
		status = program_open(context->catalogue, "enomem-agent", &context->agent_fd, err);
	return status;
}

static int configure(struct environment_context *context, const struct configuration *configuration, struct err *err)
{
	return control_configure(context->control, configuration, err);
}

static int put_back(struct environment_context *context, struct err *err)
{
	return control_put_back(context->control, err);
}

/* At the refusal a sysctl can only be raised to a value that the journal has. */
static int plan_pushes(struct environment_context *context, const struct specification *specification, struct err *err)
{
	int status = 0;

	for (unsigned i = 0; i < specification->push_count && status == 0; i++) {
		const struct push *push = &specification->pushes[i];

		if (push->kind == PUSH_KNOB)
			status = control_plan_push(context->control, knob_find(push->knob)->id, push->amount,
						   &context->push_numbers[i], err);
	}
	return status;
}

static int start(struct environment_context *context, const struct configuration *configuration,
		 const struct isolation *isolation, const struct specification *specification, unsigned cpu,
		 struct running *ret, struct err *err)
{
	struct launch cell = {.specification = specification, .isolation = isolation, .cpu = cpu};
	struct err ignored = {0};
	int status = control_group(context->control, configuration, err);

	if (status == 0)
		status = plan_pushes(context, specification, err);
	cell.group = context->control->group;
	if (status == 0)
		status = launch(context, &cell, ret, err);
	if (status < 0)
		control_settle(context->control, &ignored);
	return status;
}

static int push(struct environment_context *context, unsigned index)
{
	return index < SPECIFICATION_PUSHES_MOST ? control_push(context->control, context->push_numbers[index])
						 : -EINVAL;
}

static int settle(struct environment_context *context, struct err *err)
{
	return control_settle(context->control, err);
}

static void watch(struct environment_context *context)
{
	guardians_watch(&context->control->guardians);
}

static void tear_down(struct environment_context *context)
{
	if (context->control)
		control_end(context->control);
	if (context->agent_fd >= 0)
		close(context->agent_fd);
	context->agent_fd = -1;
}

const struct environment environment_host = {
	.id = ENVIRONMENT_HOST,
	.prepare = prepare,
	.configure = configure,
	.put_back = put_back,
	.start = start,
	.push = push,
	.watch = watch,
	.settle = settle,
	.tear_down = tear_down,
};
