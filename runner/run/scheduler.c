#include "run/scheduler.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "run/cell_run.h"
#include "run/collector.h"
#include "support/wait.h"

#define JOBS_MOST 64

/*
 * The agent has its own deadline for each of two starts, and some time to tear a million VMAs down;
 * this much later it is killed from outside.
 */
#define GRACE_NS UINT64_C(60000000000)

#define TICK_MS 100

struct job {
	struct collector collector;
	struct result *result; /* NULL: free */
	uint64_t started_ns;
};

struct state {
	struct schedule *schedule;
	struct job jobs[JOBS_MOST];
	unsigned job_count, next, running, ended;
	bool alone;     /* the cell that runs must run alone */
	bool no_memory; /* for the next result, and nothing runs that could give some back */
};

void schedule_end(struct schedule *schedule, struct result *result)
{
	result->ended = true;
	if (schedule->ended)
		schedule->ended(schedule->callback_context, result);
}

static void end(struct state *state, struct result *result)
{
	state->ended++;
	schedule_end(state->schedule, result);
}

static void end_with(struct state *state, struct result *result, struct verdict verdict)
{
	result->verdict = verdict;
	end(state, result);
}

static bool must_run_alone(const struct schedule *schedule, const struct cell *cell)
{
	return schedule->facts->host.snapshot.machine.overcommit_memory == 2 &&
	       operation_is_charged(&cell->operation, 2);
}

/* The first job's CPU is the given one, and the others' are others. */
static unsigned cpu_of(const struct schedule *schedule, unsigned job)
{
	const struct topology *topology = &schedule->facts->topology;

	if (schedule->cpu < 0)
		return topology_cpu(topology, job);
	for (unsigned number = 0; job > 0 && number < topology->usable; number++) {
		if (topology_cpu(topology, number) != (unsigned)schedule->cpu && --job == 0)
			return topology_cpu(topology, number);
	}
	return (unsigned)schedule->cpu;
}

static struct job *free_job(struct state *state, unsigned *ret_index)
{
	for (unsigned i = 0; i < state->job_count; i++) {
		if (!state->jobs[i].result) {
			*ret_index = i;
			return &state->jobs[i];
		}
	}
	return NULL;
}

static void start(struct state *state, struct job *job, unsigned index, struct result *result)
{
	struct schedule *schedule = state->schedule;
	struct running running;
	struct err err = {0};
	int status = cell_specify(schedule, result, &err);

	result->cpu = cpu_of(schedule, index);
	if (status == -ENOSPC || status == -EPERM) {
		end_with(state, result, verdict_skip(&err));
		return;
	}
	job->started_ns = monotonic_ns();
	if (status == 0)
		status =
			schedule->environment->start(schedule->context, result->cell->configuration, &result->isolation,
						     &result->specification, result->cpu, &running, &err);
	if (status == -ENOTSUP) {
		end_with(state, result, verdict_skip(&err));
		return;
	}
	if (status < 0) {
		end_with(state, result, verdict_broken(&err));
		return;
	}
	collector_begin(&job->collector, &running,
			job->started_ns + 2 * schedule->settings.timeout_ms * UINT64_C(1000000) + GRACE_NS);
	job->result = result;
	state->running++;
}

struct result *schedule_make_result(const struct schedule *schedule, unsigned index)
{
	struct result *result = calloc(1, sizeof(*result));

	if (!result)
		return NULL;
	result->run = schedule->facts;
	result->cell = plan_cell(schedule->plan, index);
	result->index = index;
	result->repeat = plan_repeat(schedule->plan, index);
	result->observation.cpu = -1;
	schedule->results[index] = result;
	return result;
}

void schedule_release(const struct schedule *schedule, const struct result *result)
{
	unsigned index = result->index;

	free(schedule->results[index]);
	schedule->results[index] = NULL;
}

/* Starts what may start now. */
static void start_cells(struct state *state)
{
	struct schedule *schedule = state->schedule;
	unsigned index;

	while (!schedule_interrupted() && state->next < schedule->first + schedule->count) {
		bool alone = must_run_alone(schedule, plan_cell(schedule->plan, state->next));
		struct job *job = free_job(state, &index);
		struct result *result;

		if (!job || (state->running && (alone || state->alone)))
			return;
		result = schedule_make_result(schedule, state->next);
		state->no_memory = !result && state->running == 0;
		if (!result)
			return;
		state->alone = alone;
		state->next++;
		start(state, job, index, result);
	}
}

/* `cut_off`: an interrupt ended it, so there is no result. */
static void finish(struct state *state, struct job *job, bool cut_off)
{
	struct result *result = job->result;
	const struct schedule *schedule = state->schedule;
	bool initial_userns = !(result->isolation.namespaces & CLONE_NEWUSER);

	if (schedule->witnessing)
		witnessing_leave(schedule->witnessing, &job->collector);
	collector_finish(&job->collector, &result->observation);
	cell_settle(schedule, &result->observation);
	result->wall_ns = monotonic_ns() - job->started_ns;
	job->result = NULL;
	state->running--;
	if (cut_off)
		return;
	if (schedule->imagines)
		initial_userns |= cell_imagine(schedule, result);
	result->verdict = verdict_of(result->cell, &result->specification, &result->observation,
				     &schedule->facts->host.facts, initial_userns);
	cell_hear_witness(schedule, result);
	end(state, result);
}

/* Whether it is past its deadline; then it is killed, and what it may still say is not waited for. */
static bool is_overdue(struct job *job)
{
	if (monotonic_ns() < job->collector.deadline_ns)
		return false;
	job->collector.timed_out = true;
	collector_kill(&job->collector);
	return true;
}

/* Uses no heap: in mode 2 there may be none while a refusal stands. */
static void push_as_asked(const struct schedule *schedule, struct collector *collector)
{
	unsigned index;

	while (collector_request(collector, &index)) {
		int status =
			schedule->environment->push ? schedule->environment->push(schedule->context, index) : -ENOTSUP;

		collector_answer(collector, -status);
	}
}

/* Takes what a cell has to say. */
static void attend(struct state *state, struct job *job, bool has_news)
{
	int status = 1;

	if (is_overdue(job)) {
		finish(state, job, false);
		return;
	}
	if (has_news)
		status = collector_read(&job->collector);
	push_as_asked(state->schedule, &job->collector);
	if (state->schedule->witnessing)
		witnessing_attend(state->schedule->witnessing, &job->collector, &job->result->witness);
	if (status < 0)
		collector_kill(&job->collector);
	if (status <= 0)
		finish(state, job, false);
}

/* Waits for news of the running cells, a tick at most. */
static void wait_for_cells(struct state *state)
{
	struct pollfd polls[JOBS_MOST];
	unsigned count = 0;

	for (unsigned i = 0; i < state->job_count; i++) {
		int fd = state->jobs[i].result ? state->jobs[i].collector.running.output_fd : -1;

		polls[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
	}
	if (poll(polls, count, TICK_MS) == -1)
		return;
	for (unsigned i = 0; i < count; i++) {
		if (state->jobs[i].result)
			attend(state, &state->jobs[i], polls[i].revents != 0);
	}
}

static void kill_cells(struct state *state)
{
	for (unsigned i = 0; i < state->job_count; i++) {
		if (!state->jobs[i].result)
			continue;
		collector_kill(&state->jobs[i].collector);
		finish(state, &state->jobs[i], true);
	}
}

int schedule_run(struct schedule *schedule)
{
	static struct state state;

	state = (struct state){.schedule = schedule, .next = schedule->first};
	state.job_count = schedule->jobs < JOBS_MOST ? schedule->jobs : JOBS_MOST;
	while (state.ended < schedule->count && !schedule_interrupted() && !state.no_memory) {
		start_cells(&state);
		if (schedule->tick)
			schedule->tick(schedule->callback_context, state.ended, state.running);
		if (state.running)
			wait_for_cells(&state);
		if (schedule->environment->watch)
			schedule->environment->watch(schedule->context);
	}
	kill_cells(&state);
	if (state.ended == schedule->count)
		return 0;
	return schedule_interrupted() ? -EINTR : -ENOMEM;
}

void schedule_give_up(struct schedule *schedule, const struct err *err, bool skip)
{
	struct state state = {.schedule = schedule};

	for (unsigned i = schedule->first; i < schedule->first + schedule->count; i++) {
		struct result *result = schedule_make_result(schedule, i);

		/* Without memory for it there is no result to report. */
		if (result)
			end_with(&state, result, skip ? verdict_skip(err) : verdict_broken(err));
	}
}
