/* One cell in a guest: as the runner does it on a host, with nobody in between. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/guest/guest.h"
#include "environment/launch.h"
#include "host/sysctl.h"
#include "run/collector.h"
#include "support/wait.h"

/* The agent has its own deadline for each of two starts, and some time to tear a million VMAs down. */
#define GRACE_NS UINT64_C(60000000000)

/* What a push writes, known before the cell starts: at its refusal there may be no memory to find out. */
struct raise {
	const struct knob *knob;
	char value[24];
	bool made;
};

struct cell_state {
	const struct guest_order *order;
	struct guest_state *guest;
	struct group group;
	struct witness witness;
	struct raise raises[SPECIFICATION_PUSHES_MOST];
};

/* What it is now: CommitLimit without swap is what vm.overcommit_kbytes says. */
static uint64_t base_of(const struct cell_state *state, enum knob_id id, const struct machine_snapshot *machine)
{
	if (id == KNOB_PIDS_MAX)
		return state->group.pids_max;
	if (id == KNOB_MAX_MAP_COUNT)
		return machine->max_map_count;
	return machine->commit_limit_kib - machine->swap_total_kib;
}

static int plan_raises(struct cell_state *state, struct err *err)
{
	const struct specification *specification = &state->order->specification;
	struct machine_snapshot machine;
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = snapshot_read_machine(root_fd, &machine, err);

	close(root_fd);
	for (unsigned i = 0; i < specification->push_count && status == 0; i++) {
		const struct push *push = &specification->pushes[i];
		const struct knob *knob = push->kind == PUSH_KNOB ? knob_find(push->knob) : NULL;

		state->raises[i].knob = knob;
		if (knob)
			snprintf(state->raises[i].value, sizeof(state->raises[i].value), "%" PRIu64,
				 base_of(state, knob->id, &machine) + push->amount);
	}
	return status;
}

/* Uses no heap. */
static int push(struct cell_state *state, unsigned index)
{
	struct raise *raise = index < SPECIFICATION_PUSHES_MOST ? &state->raises[index] : NULL;

	if (!raise || !raise->knob || raise->made)
		return -EINVAL;
	raise->made = true;
	if (raise->knob->id != KNOB_PIDS_MAX)
		return sysctl_write(raise->knob->file, raise->value);
	return write(state->group.pids_max_fd, raise->value, strlen(raise->value)) == -1 ? -errno : 0;
}

static void take_back(struct cell_state *state)
{
	for (unsigned i = 0; i < SPECIFICATION_PUSHES_MOST; i++) {
		if (state->raises[i].made && state->raises[i].knob->id != KNOB_PIDS_MAX)
			guest_put_back(&state->guest->settings, state->raises[i].knob->id);
	}
	guest_group_remove(&state->group);
}

static void attend(struct cell_state *state, struct collector *collector)
{
	struct pollfd news = {.fd = collector->running.output_fd, .events = POLLIN};
	unsigned index;
	int status = 1;

	while (status > 0) {
		if (monotonic_ns() >= collector->deadline_ns) {
			collector->timed_out = true;
			break;
		}
		if (poll(&news, 1, 1000) == 1)
			status = collector_read(collector);
		while (collector_request(collector, &index))
			collector_answer(collector, -push(state, index));
		guest_witness_attend(&state->guest->witness, collector, &state->witness);
	}
	if (status != 0)
		collector_kill(collector);
}

static int start(struct cell_state *state, struct isolation *isolation, struct running *ret, struct err *err)
{
	const struct environment_context *context = &state->guest->context;
	const struct guest_order *order = state->order;
	struct launch cell = {.specification = &order->specification, .isolation = isolation, .cpu = order->cpu};
	int status = isolation_of_cell(&context->isolation, &order->configuration, ENVIRONMENT_VM, isolation, err);

	if (status == 0)
		status = guest_group_make(&order->configuration, &state->group, err);
	if (status == 0)
		status = plan_raises(state, err);
	cell.group = state->group;
	return status < 0 ? status : launch(context, &cell, ret, err);
}

static void send_refused(unsigned index, int status, const struct err *err)
{
	guest_send(json_pack("{s:I, s:s, s:s, s:b}", "index", (json_int_t)index, "error", err->text, "advice",
			     err->advice, "skip", status == -EPERM || status == -ENOTSUP));
}

static void send_observation(const struct cell_state *state, const struct isolation *isolation,
			     const struct observation *observation, uint64_t wall_ns)
{
	json_t *record = json_pack("{s:I, s:o, s:o, s:I}", "index", (json_int_t)state->order->index, "isolation",
				   isolation_to_json(isolation), "observation", observation_to_json(observation),
				   "wall_ns", (json_int_t)wall_ns);

	if (state->order->specification.witness)
		json_object_set_new(record, "witness", witness_to_json(&state->witness));
	guest_send(record);
}

void guest_run_cell(struct guest_state *guest, const struct guest_order *order)
{
	static struct observation observation;
	static struct cell_state state;
	struct collector collector;
	struct isolation isolation;
	struct running running;
	struct err err = {0};
	uint64_t started_ns = monotonic_ns();
	int status;

	state = (struct cell_state){
		.order = order, .guest = guest, .group = {.procs_fds = {-1, -1}, .pids_max_fd = -1}};
	guest_send(json_pack("{s:I}", "begin", (json_int_t)order->index));
	status = guest_configure(&guest->settings, &order->configuration, &err);
	if (status == 0)
		status = start(&state, &isolation, &running, &err);
	if (status < 0) {
		take_back(&state);
		send_refused(order->index, status, &err);
		return;
	}
	collector_begin(&collector, &running,
			started_ns + 2 * order->specification.timeout_ms * UINT64_C(1000000) + GRACE_NS);
	attend(&state, &collector);
	collector_finish(&collector, &observation);
	take_back(&state);
	send_observation(&state, &isolation, &observation, monotonic_ns() - started_ns);
}
