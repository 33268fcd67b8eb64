#include "run/guest_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/initramfs.h"
#include "guest/order.h"
#include "run/cell_run.h"
#include "support/wait.h"
#include "verdict/testimony.h"

/* Until its first word, besides the time that a cell has: emulated, on a busy machine, a kernel may take long. */
#define BOOT_NS UINT64_C(30000000000)

static struct guest_work *find_work(struct guest_work *works, unsigned count, const struct kernel *kernel,
				    const struct guest_shape *shape)
{
	for (unsigned i = 0; i < count; i++) {
		if (works[i].kernel == kernel && guest_shape_same(&works[i].shape, shape))
			return &works[i];
	}
	return NULL;
}

static struct guest_work *add_work(struct guest_work **works, unsigned *count, const struct kernel *kernel,
				   const struct guest_shape *shape)
{
	struct guest_work *more = reallocarray(*works, *count + 1, sizeof(*more));

	if (!more)
		return NULL;
	*works = more;
	more[*count] = (struct guest_work){
		.kernel = kernel, .shape = *shape, .guest = GUEST_NONE, .current = NO_RUN, .failed_at = NO_RUN};
	return &more[(*count)++];
}

static int add_run(struct schedule *schedule, unsigned index, struct guest_work **works, unsigned *count)
{
	const struct cell *cell = plan_cell(schedule->plan, index);
	const struct kernel *kernel = vm_kernel(schedule->context->vm, cell->kernel);
	struct guest_shape shape;
	struct guest_work *work;
	struct err err = {0};
	unsigned *runs;

	if (guest_shape_of(cell->configuration, &shape, &err) < 0) {
		struct result *result = schedule_make_result(schedule, index);

		if (!result)
			return -ENOMEM;
		result->verdict = verdict_skip(&err);
		schedule_end(schedule, result);
		return 0;
	}
	work = find_work(*works, *count, kernel, &shape);
	if (!work)
		work = add_work(works, count, kernel, &shape);
	runs = work ? reallocarray(work->runs, work->count + 1, sizeof(*runs)) : NULL;
	if (!runs)
		return -ENOMEM;
	work->runs = runs;
	runs[work->count++] = index;
	return 0;
}

/* As they are expected, until the guest says them. */
static int begin_facts(struct vm *vm, struct guest_work *work)
{
	struct run_facts *facts = vm_new_facts(vm);

	work->facts = facts;
	if (!facts)
		return -ENOMEM;
	facts->shape = work->shape;
	facts->accelerator = accelerator_word(vm->qemu.accelerator);
	facts->host.facts = guest_expected_facts(&work->shape, work->kernel->release);
	return 0;
}

int guest_works_make(struct schedule *schedule, struct guest_work **ret, unsigned *ret_count)
{
	int status = 0;

	*ret = NULL;
	*ret_count = 0;
	for (unsigned i = 0; i < schedule->count && status == 0; i++)
		status = add_run(schedule, schedule->first + i, ret, ret_count);
	for (unsigned i = 0; i < *ret_count && status == 0; i++)
		status = begin_facts(schedule->context->vm, &(*ret)[i]);
	return status;
}

void guest_works_free(struct guest_work *works, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		guest_end(&works[i].guest);
		free(works[i].runs);
	}
	free(works);
}

void guest_work_end_run(struct schedule *schedule, struct guest_work *work, struct result *result)
{
	for (unsigned i = 0; i < work->count; i++) {
		if (work->runs[i] != result->index)
			continue;
		memmove(&work->runs[i], &work->runs[i + 1], (work->count - i - 1) * sizeof(*work->runs));
		work->count--;
		break;
	}
	schedule_end(schedule, result);
}

/* The bounds and pushes of a run, from what is known of its guest before it runs. */
static int specify_run(const struct schedule *schedule, const struct guest_work *work, const struct cell *cell,
		       struct specification *ret, struct err *err)
{
	struct run_settings settings = schedule->settings;
	struct host_view expected = {.facts = guest_expected_facts(&work->shape, work->kernel->release),
				     .snapshot = guest_expected_snapshot(&work->shape, cell->configuration)};
	int status = cell_check_settable(cell, err);

	settings.jobs = 1; /* a guest's memory is its own */
	settings.pushes_knobs = true;
	settings.witness = schedule->wants_witness;
	return status < 0 ? status : specify(cell, &expected, &settings, ret, err);
}

/* One of the last CPU, as on a host: the first ones get most interrupts. */
static int add_cell(const struct guest_work *work, unsigned index, const struct cell *cell,
		    const struct specification *specification, struct initramfs *initramfs, struct err *err)
{
	json_t *json = guest_order_to_json(index, work->shape.cpus - 1, cell->configuration, specification);
	char *line = json ? json_dumps(json, JSON_COMPACT) : NULL;
	int status = line ? initramfs_add_scenario(initramfs, cell->scenario->name, err) : err_no_memory(err);

	if (status == 0)
		status = initramfs_add_cell(initramfs, line, err);
	free(line);
	json_decref(json);
	return status;
}

static int refuse_run(struct schedule *schedule, struct guest_work *work, unsigned index, int status,
		      const struct err *err)
{
	struct result *result = schedule_make_result(schedule, index);

	if (!result)
		return -ENOMEM;
	result->run = work->facts;
	result->verdict = status == -ENOSPC || status == -EPERM ? verdict_skip(err) : verdict_broken(err);
	guest_work_end_run(schedule, work, result);
	return 0;
}

static int add_cells(struct schedule *schedule, struct guest_work *work, struct initramfs *initramfs, struct err *err)
{
	unsigned i = 0;
	int status = 0;

	while (i < work->count && status == 0) {
		unsigned index = work->runs[i];
		const struct cell *cell = plan_cell(schedule->plan, index);
		struct specification specification;
		struct err why = {0};
		int specified = specify_run(schedule, work, cell, &specification, &why);

		if (specified < 0)
			status = refuse_run(schedule, work, index, specified, &why);
		else
			status = add_cell(work, index, cell, &specification, initramfs, err);
		i += specified == 0;
	}
	return status;
}

int guest_work_start(struct schedule *schedule, struct guest_work *work, struct err *err)
{
	struct initramfs *initramfs;
	int initramfs_fd = -1;
	int status = initramfs_begin(schedule->context->catalogue, &initramfs, err);

	if (status < 0)
		return status;
	status = add_cells(schedule, work, initramfs, err);
	if (status < 0 || work->count == 0) {
		initramfs_free(initramfs);
		return status;
	}
	status = initramfs_finish(initramfs, &initramfs_fd, err);
	if (status == 0)
		status = guest_start(&schedule->context->vm->qemu, work->kernel, &work->shape, initramfs_fd,
				     &work->guest, err);
	work->said_hello = work->said_end = false;
	work->current = NO_RUN;
	work->problem[0] = '\0';
	work->deadline_ns = monotonic_ns() + BOOT_NS + schedule->settings.timeout_ms * UINT64_C(1000000);
	work->boots++;
	return status;
}

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
	int status = specify_run(schedule, work, result->cell, &result->specification, err);

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
