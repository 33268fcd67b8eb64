#include "agent/measure.h"

#include "agent/synchronise.h"
#include "support/wait.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void broken(struct observation *observation, const struct err *err)
{
	observation->outcome = OUTCOME_BROKEN;
	snprintf(observation->problem, sizeof(observation->problem), "%.400s%s%s", err->text,
		 err->advice[0] ? "; " : "", err->advice);
}

static bool limits_processes(const struct specification *specification)
{
	for (unsigned i = 0; i < specification->limit_count; i++) {
		if (specification->limits[i].resource == LIMIT_NPROC)
			return true;
	}
	return false;
}

static int take_snapshot(const struct specification *specification, const struct process *process, int root_fd,
			 struct snapshot *ret, struct err *err)
{
	uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	int status = snapshot_read_machine(root_fd, &ret->machine, err);

	if (status < 0)
		return status;
	status = snapshot_read_process(root_fd, process->pid, page_bytes, ret->machine.mmap_min_addr, &ret->process,
				       err);
	/* All processes have to be looked at for that. */
	if (status == 0 && limits_processes(specification))
		ret->process.user_processes = snapshot_count_user_processes(root_fd, process->pid);
	return status;
}

static bool any_run_limit(const struct specification *specification)
{
	for (unsigned i = 0; i < specification->limit_count; i++) {
		if (!specification->limits[i].at_exec)
			return true;
	}
	return false;
}

/* What a relative limit is over, in bytes: data for data, the address space for all others. */
static uint64_t size_at_start(const struct snapshot *start, enum limit_name resource)
{
	return (resource == LIMIT_DATA ? start->process.vm_data_kib : start->process.vm_size_kib) * 1024;
}

static int set_run_limits(const struct specification *specification, const struct process *process,
			  const struct snapshot *start, struct err *err)
{
	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *limit = &specification->limits[i];
		int status = limit->at_exec
				     ? 0
				     : process_apply_limit(process->pid, limit, size_at_start(start, limit->resource));

		if (status == -EINVAL || status == -EPERM)
			return err_set(err, -status, "cannot set RLIMIT of \"%s\": it is above the hard limit",
				       limit_word(limit->resource));
		if (status < 0)
			return err_set_errno(err, -status, "cannot set RLIMIT of \"%s\"", limit_word(limit->resource));
	}
	return 0;
}

/* The end of a scenario that did not come to READY, in the observation's words. */
static void note_no_start(const struct process *process, int status, struct observation *ret)
{
	struct err err = {0};

	ret->died = process->died;
	if (status == -ETIMEDOUT) {
		ret->outcome = OUTCOME_TIMEOUT;
	} else if (process->died.exit_status == RECORD_EXIT_USAGE) {
		err_set(&err, EINVAL, "the scenario did not understand its parameters");
		broken(ret, &err);
	} else if (process->died.exit_status == RECORD_EXIT_GROUP) {
		err_set(&err, EPERM, "the scenario could not enter its cgroup");
		broken(ret, &err);
	} else if (process->died.exit_status == RECORD_EXIT_LIMIT) {
		err_set(&err, EPERM, "a limit could not be set before the scenario's start: it is above the hard one");
		broken(ret, &err);
	} else {
		ret->outcome = OUTCOME_NO_START;
	}
}

static void note_unprepared(const struct process *process, struct observation *ret)
{
	ret->outcome = OUTCOME_UNPREPARED;
	snprintf(ret->refusal.call, sizeof(ret->refusal.call), "%s", record_call_name(process->record->call));
	ret->refusal.kernel_errno = ret->refusal.api_errno = (int)process->record->kernel_errno;
	snprintf(ret->problem, sizeof(ret->problem), "%s refused with %s", ret->refusal.call,
		 err_name(ret->refusal.kernel_errno));
}

/* Starts it and waits for READY. False when it is not ready; the observation then says why. */
static bool make_ready(const struct specification *specification, uint64_t start_bytes, bool with_limits,
		       struct process *process, struct observation *ret)
{
	struct err err = {0};
	int status = process_start(specification, start_bytes, with_limits, process, &err);

	if (status < 0) {
		broken(ret, &err);
		return false;
	}
	status = process_wait(process, RECORD_EMPTY);
	if (status < 0) {
		note_no_start(process, status, ret);
		return false;
	}
	if (record_state(process->record) == RECORD_FAILED) {
		note_unprepared(process, ret);
		return false;
	}
	return true;
}

/*
 * A limit that is in force before the program starts may keep it from ever being READY, so the
 * first snapshot is taken of the same program started without it.
 */
static bool take_reference(const struct specification *specification, int root_fd, struct observation *ret,
			   uint64_t *ret_start_bytes)
{
	struct process process;
	struct err err = {0};
	bool ready = make_ready(specification, 0, false, &process, ret);

	if (ready && take_snapshot(specification, &process, root_fd, &ret->before, &err) < 0) {
		broken(ret, &err);
		ready = false;
	}
	ret->has_before = ready;
	*ret_start_bytes = ret->before.process.vm_size_kib * 1024;
	process_end(&process);
	return ready;
}

static bool take_before(const struct specification *specification, int root_fd, struct process *process,
			struct observation *ret)
{
	struct err err = {0};
	struct snapshot start = {0};
	int status = 0;

	if (any_run_limit(specification))
		status = take_snapshot(specification, process, root_fd, &start, &err);
	if (status == 0)
		status = set_run_limits(specification, process, &start, &err);
	/* Twice where it must be exact: the first time charges our own stack for what reading needs. */
	if (status == 0 && specification->synchronise_pages) {
		status = take_snapshot(specification, process, root_fd, &ret->before, &err);
		ret->synchronised = synchronise_commit(specification->synchronise_pages);
	}
	if (status == 0)
		status = take_snapshot(specification, process, root_fd, &ret->before, &err);
	if (status < 0) {
		broken(ret, &err);
		return false;
	}
	ret->has_before = true;
	ret->cpu = process_cpu(process->pid);
	ret->commit_keeps_pages = process->record->commit_keeps_pages != 0;
	ret->at_most = process->record->at_most;
	return true;
}

static void note_refusal(const struct specification *specification, const struct process *process, int root_fd,
			 struct observation *ret)
{
	const struct record *record = process->record;
	struct err err = {0};

	ret->outcome = OUTCOME_REFUSED;
	snprintf(ret->refusal.call, sizeof(ret->refusal.call), "%s", record_call_name(record->call));
	ret->refusal.kernel_errno = (int)record->kernel_errno;
	ret->refusal.api_errno = (int)record->api_errno;
	ret->refusal.pages = record->refused_pages;
	ret->refusal.address = record->refused_address;
	snprintf(ret->left, sizeof(ret->left), "%s", record_left_name(record->left));
	ret->fix_tried = record->fix_tried != 0;
	ret->fix_errno = (int)record->fix_errno;
	ret->has_refusal = true;
	if (take_snapshot(specification, process, root_fd, &ret->standing, &err) < 0)
		broken(ret, &err);
}

static void run(const struct specification *specification, int root_fd, struct process *process,
		struct observation *ret)
{
	int status;

	record_set_state(process->record, RECORD_RUNNING);
	status = process_wait(process, RECORD_RUNNING);
	/* One that died or is still at it has not noted an end. */
	if (process->record->refused_ns > process->record->started_ns)
		ret->loop_ns = process->record->refused_ns - process->record->started_ns;
	ret->accepted = process->record->accepted;
	if (status == -ETIMEDOUT) {
		ret->outcome = OUTCOME_TIMEOUT;
	} else if (status == -ECHILD) {
		ret->outcome = OUTCOME_DIED;
		ret->died = process->died;
	} else if (record_state(process->record) == RECORD_DONE) {
		ret->outcome = OUTCOME_DONE;
	} else {
		note_refusal(specification, process, root_fd, ret);
		if (ret->outcome == OUTCOME_REFUSED)
			measure_witness(specification, process, ret);
		if (ret->outcome == OUTCOME_REFUSED)
			measure_pushes(specification, process, ret);
	}
}

void measure(const struct specification *specification, int root_fd, struct observation *ret)
{
	struct process process = {.record_fd = -1};
	struct err err = {0};
	uint64_t started_ns = monotonic_ns(), start_bytes = 0;
	bool exec_limits = specification_limits_start(specification);
	bool ready = true;

	*ret = (struct observation){.at_most = specification->at_most, .cpu = -1};
	if (exec_limits)
		ready = take_reference(specification, root_fd, ret, &start_bytes);
	if (ready && !(exec_limits && specification->ready_only))
		ready = make_ready(specification, start_bytes, true, &process, ret) &&
			take_before(specification, root_fd, &process, ret);
	if (ready && !specification->ready_only)
		run(specification, root_fd, &process, ret);
	process_end(&process);
	ret->has_after = snapshot_read_machine(root_fd, &ret->after, &err) == 0;
	ret->total_ns = monotonic_ns() - started_ns;
}
