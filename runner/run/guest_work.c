#include "run/guest_work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/initramfs.h"
#include "guest/order.h"
#include "run/cell_run.h"
#include "support/wait.h"

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

int guest_work_specify(const struct schedule *schedule, const struct guest_work *work, const struct cell *cell,
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
		int specified = guest_work_specify(schedule, work, cell, &specification, &why);

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
	work->count_at_boot = work->count;
	return status;
}
