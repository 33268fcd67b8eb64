#include "run/guests.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/guest_work.h"
#include "support/wait.h"

#define TICK_MS 100
#define GUESTS_MOST 64

/* Boots in a row in which no cell ended, at whatever they died. */
#define FRUITLESS_BOOTS_MOST 4

/* After an agent's own deadlines, and the guest's: then it hangs. */
#define GRACE_NS UINT64_C(120000000000)

struct state {
	struct schedule *schedule;
	struct guest_work *works;
	unsigned count, next, running;
	bool no_memory;
};

static void say(const struct schedule *schedule, const char *line)
{
	if (schedule->context->say)
		schedule->context->say(line);
}

static const char *cell_text(const struct schedule *schedule, unsigned index, char *buffer, size_t size)
{
	const struct cell *cell = index == NO_RUN ? NULL : plan_cell(schedule->plan, index);

	if (cell)
		snprintf(buffer, size, "%s (%s)", cell->scenario->name, cell->configuration->name);
	else
		snprintf(buffer, size, "no cell");
	return buffer;
}

static void end_broken(struct state *state, struct guest_work *work, unsigned index, const struct err *err)
{
	struct result *result = schedule_make_result(state->schedule, index);

	state->no_memory = !result;
	if (!result)
		return;
	result->run = work->facts;
	result->boots = work->boots;
	result->verdict = verdict_broken(err);
	guest_work_end_run(state->schedule, work, result);
}

/* End all that is left of a guest's work for one reason. */
static void give_up(struct state *state, struct guest_work *work, const struct err *err)
{
	while (work->count > 0 && !state->no_memory)
		end_broken(state, work, work->runs[0], err);
}

static void start(struct state *state, struct guest_work *work)
{
	struct err err = {0};
	int status = guest_work_start(state->schedule, work, &err);

	if (status < 0)
		give_up(state, work, &err);
	else
		state->running += work->guest.pid > 0;
}

static void start_guests(struct state *state)
{
	unsigned most = state->schedule->guests < GUESTS_MOST ? state->schedule->guests : GUESTS_MOST;

	while (!schedule_interrupted() && state->next < state->count && state->running < most)
		start(state, &state->works[state->next++]);
}

/* Why it ended although it was not done, in a sentence. */
static void explain(const struct state *state, const struct guest_work *work, struct err *err)
{
	char words[200], cell[128];

	guest_last_words(&work->guest, words, sizeof(words));
	err_set(err, EIO, "cannot run %s in guest vm:%.100s: %s%s%s%s",
		cell_text(state->schedule, work->current, cell, sizeof(cell)), work->kernel->name,
		work->problem[0] ? work->problem : "it died", words[0] ? ", its last words: \"" : "", words,
		words[0] ? "\"" : "");
	if (!work->said_hello && work->shape.memory_bytes < (UINT64_C(256) << 20))
		err_advise(err, "it may need more memory than %u MiB: --set guest.memory=256M",
			   (unsigned)(work->shape.memory_bytes >> 20));
}

static void tell(const struct state *state, const struct guest_work *work, const struct err *err, bool again)
{
	char tail[2048], line[3000];

	snprintf(line, sizeof(line), "%s; %s. The end of its console:\n%s", err->text,
		 again ? "it is started again" : "that is the second time",
		 guest_console_tail(&work->guest, tail, sizeof(tail)));
	say(state->schedule, line);
}

/* How often it was this run (or none yet) at which boots died. */
static unsigned count_failure(struct guest_work *work)
{
	work->failures_at = work->boots > 1 && work->failed_at == work->current ? work->failures_at + 1 : 1;
	work->failed_at = work->current;
	work->fruitless = work->count == work->count_at_boot ? work->fruitless + 1 : 0;
	return work->failures_at;
}

/* The run at which two boots died is given up, and the rest goes on; a guest that comes to nothing is given up itself. */
static void give_up_culprit(struct state *state, struct guest_work *work, const struct err *err)
{
	if (work->current == NO_RUN || work->fruitless >= FRUITLESS_BOOTS_MOST)
		give_up(state, work, err);
	else
		end_broken(state, work, work->current, err);
}

/* A boot has ended, or has to be. */
static void finish(struct state *state, struct guest_work *work)
{
	struct err err = {0};
	int ignored;
	bool again;

	guest_kill(&work->guest, &ignored);
	state->running--;
	if (work->count == 0 || schedule_interrupted()) {
		guest_end(&work->guest);
		return;
	}
	again = count_failure(work) < 2 && work->fruitless < FRUITLESS_BOOTS_MOST;
	explain(state, work, &err);
	tell(state, work, &err, again);
	guest_end(&work->guest);
	if (!again)
		give_up_culprit(state, work, &err);
	if (work->count > 0 && !state->no_memory)
		start(state, work);
}

static uint64_t cell_ns(const struct state *state)
{
	return 2 * state->schedule->settings.timeout_ms * UINT64_C(1000000) + GRACE_NS;
}

/* Takes all whole records. 0 or a negative errno: the guest has to be given up. */
static int take_records(struct state *state, struct guest_work *work)
{
	struct err err = {0};
	json_t *record;
	int status;

	while ((status = guest_next(&work->guest, &record)) == 1) {
		status = guest_work_take(state->schedule, work, record, &err);
		json_decref(record);
		if (status < 0) {
			snprintf(work->problem, sizeof(work->problem), "%s", err.text);
			return status;
		}
		work->deadline_ns = monotonic_ns() + cell_ns(state);
	}
	if (status < 0)
		snprintf(work->problem, sizeof(work->problem), "it sent a damaged record");
	return status;
}

static void attend(struct state *state, struct guest_work *work)
{
	int more = guest_read(&work->guest);
	int status = take_records(state, work);

	if (status == 0 && more > 0 && monotonic_ns() >= work->deadline_ns) {
		snprintf(work->problem, sizeof(work->problem), "%s",
			 work->said_hello ? "it hangs" : "it never answers");
		status = -ETIMEDOUT;
	}
	if (more <= 0 || status < 0)
		finish(state, work);
}

static void wait_for_guests(struct state *state)
{
	struct pollfd polls[GUESTS_MOST];
	struct guest_work *works[GUESTS_MOST];
	unsigned count = 0;

	for (unsigned i = 0; i < state->count && count < GUESTS_MOST; i++) {
		if (state->works[i].guest.pid <= 0)
			continue;
		works[count] = &state->works[i];
		polls[count] = (struct pollfd){.fd = state->works[i].guest.output_fd, .events = POLLIN};
		count++;
	}
	if (poll(polls, count, TICK_MS) == -1)
		return;
	for (unsigned i = 0; i < count; i++)
		attend(state, works[i]);
}

static unsigned left(const struct state *state)
{
	unsigned count = 0;

	for (unsigned i = 0; i < state->count; i++)
		count += state->works[i].count;
	return count;
}

int guests_run(struct schedule *schedule)
{
	struct state state = {.schedule = schedule};
	int status = guest_works_make(schedule, &state.works, &state.count);

	while (status == 0 && left(&state) > 0 && !schedule_interrupted() && !state.no_memory) {
		start_guests(&state);
		if (schedule->tick)
			schedule->tick(schedule->callback_context, schedule->count - left(&state), state.running);
		if (state.running)
			wait_for_guests(&state);
	}
	if (status == 0 && left(&state) > 0)
		status = schedule_interrupted() ? -EINTR : -ENOMEM;
	guest_works_free(state.works, state.count);
	return status;
}
