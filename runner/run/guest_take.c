/* What a guest says of itself and of its cells, and the results that come of it. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>

#include "run/guest_work.h"
#include "verdict/testimony.h"

static void take_facts(const struct guest_facts *said, struct run_facts *facts)
{
	facts->host.facts = said->host;
	facts->host.snapshot = said->snapshot;
	facts->isolation = said->isolation;
	facts->topology.processing_units = facts->topology.usable = said->cpus;
	facts->topology.numa_nodes = said->numa_nodes;
	snprintf(facts->topology.synthetic, sizeof(facts->topology.synthetic), "NUMANode:%u PU:%u", said->numa_nodes,
		 said->cpus / (said->numa_nodes ? said->numa_nodes : 1));
}

static int take_hello(struct schedule *schedule, struct guest_work *work, const json_t *hello, struct err *err)
{
	struct guest_facts said;
	char line[512];
	int status = guest_facts_from_json(hello, &said, err);

	if (status < 0)
		return status;
	/* Of a second boot they are the same. */
	if (!work->said_hello && work->boots == 1)
		take_facts(&said, work->facts);
	work->said_hello = true;
	if (said.problem[0] && work->boots == 1 && schedule->context->say) {
		snprintf(line, sizeof(line), "guest vm:%s lacks: %s", work->kernel->name, said.problem);
		schedule->context->say(line);
	}
	return 0;
}

static bool is_left(const struct guest_work *work, json_int_t index)
{
	for (unsigned i = 0; i < work->count; i++) {
		if (work->runs[i] == (unsigned)index)
			return true;
	}
	return false;
}

/* Beside the observation: the guest's init sees it, not the cell. */
static int take_witness(const struct guest_work *work, const json_t *record, struct result *result, struct err *err)
{
	const json_t *said = json_object_get(record, "witness");
	int status = said ? witness_from_json(said, &result->witness, err) : 0;

	if (status == 0)
		testimony_judge(&result->witness, kernel_version_parse(work->facts->host.facts.kernel),
				&result->observation, &result->verdict);
	return status;
}

static int take_observation(const struct schedule *schedule, struct guest_work *work, const json_t *record,
			    struct result *result, struct err *err)
{
	int status = guest_work_specify(schedule, work, result->cell, &result->specification, err);

	if (status == 0)
		status = isolation_from_json(json_object_get(record, "isolation"), &result->isolation, err);
	if (status == 0)
		status = observation_from_json(json_object_get(record, "observation"), &result->observation, err);
	result->wall_ns = (uint64_t)json_integer_value(json_object_get(record, "wall_ns"));
	result->cpu = work->shape.cpus - 1;
	if (status == 0)
		result->verdict = verdict_of(result->cell, &result->specification, &result->observation,
					     &work->facts->host.facts, !(result->isolation.namespaces & CLONE_NEWUSER));
	return status < 0 ? status : take_witness(work, record, result, err);
}

/* The guest could not run it, and says why. */
static void take_refusal(const json_t *record, struct result *result)
{
	const char *error = json_string_value(json_object_get(record, "error"));
	const char *advice = json_string_value(json_object_get(record, "advice"));
	struct err why = {0};

	err_set(&why, ENOTSUP, "%s", error ? error : "the guest does not say why");
	if (advice && *advice)
		err_advise(&why, "%s", advice);
	result->verdict = json_is_true(json_object_get(record, "skip")) ? verdict_skip(&why) : verdict_broken(&why);
}

static int take_result(struct schedule *schedule, struct guest_work *work, const json_t *record, struct err *err)
{
	json_int_t index = json_integer_value(json_object_get(record, "index"));
	struct result *result;
	int status = 0;

	if (!work->said_hello || index != (json_int_t)work->current || !is_left(work, index))
		return err_set(err, EBADMSG, "it reports a cell that it was not at");
	result = schedule_make_result(schedule, (unsigned)index);
	if (!result)
		return err_no_memory(err);
	result->run = work->facts;
	result->boots = work->boots;
	if (json_object_get(record, "observation"))
		status = take_observation(schedule, work, record, result, err);
	else
		take_refusal(record, result);
	if (status < 0) {
		schedule_release(schedule, result);
		return status;
	}
	work->current = NO_RUN;
	guest_work_end_run(schedule, work, result);
	return 0;
}

int guest_work_take(struct schedule *schedule, struct guest_work *work, const json_t *record, struct err *err)
{
	json_t *member;

	if ((member = json_object_get(record, "hello")))
		return take_hello(schedule, work, member, err);
	if ((member = json_object_get(record, "problem")))
		return err_set(err, EIO, "%s", json_string_value(member) ? json_string_value(member) : "unknown");
	if ((member = json_object_get(record, "begin"))) {
		if (!is_left(work, json_integer_value(member)))
			return err_set(err, EBADMSG, "it begins a cell that it was not given");
		work->current = (unsigned)json_integer_value(member);
		return 0;
	}
	if (json_object_get(record, "index"))
		return take_result(schedule, work, record, err);
	work->said_end = json_is_true(json_object_get(record, "end"));
	return work->said_end ? 0 : err_set(err, EBADMSG, "a record of its has no meaning");
}
