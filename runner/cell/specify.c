#include "cell/specify.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/cost.h"
#include "model/predict.h"
#include "support/number.h"

static_assert(PARAMETERS_MOST <= SPECIFICATION_WORDS_MOST, "every parameter is a word for the program");
static_assert(SCENARIO_LIMITS_MOST <= SPECIFICATION_LIMITS_MOST, "every declared limit can be told to the agent");

/* A static scenario program at READY, about: the estimate only has to be near. */
#define START_MAPS 32
#define START_PAGES 400

static int set_words(const struct cell *cell, struct specification *ret, struct err *err)
{
	for (unsigned i = 0; i < cell->scenario->parameter_count; i++) {
		int length = snprintf(ret->words[i], sizeof(ret->words[i]), "%s=%s", cell->scenario->parameters[i].name,
				      cell->values[i]);

		if (length >= (int)sizeof(ret->words[i]))
			return err_set(err, EINVAL, "cannot use %s=%.40s...: it is too long",
				       cell->scenario->parameters[i].name, cell->values[i]);
	}
	ret->word_count = cell->scenario->parameter_count;
	return 0;
}

/* A limit above the hard one cannot be set without privilege: such a cell cannot run here. */
static int check_hard_limit(const struct cell *cell, const struct limit_setting *setting, const struct host_view *host,
			    struct err *err)
{
	uint64_t hard = host->snapshot.process.limits[setting->resource].hard;
	uint64_t bytes = setting->has_hard ? setting->hard_bytes : setting->bytes;
	char wanted[32], most[32];

	if (setting->relative && bytes != UNLIMITED)
		bytes += START_PAGES * host->facts.page_bytes;
	if (hard == UNLIMITED || bytes <= hard)
		return 0;
	err_set(err, EPERM, "cannot run %s: RLIMIT \"%s\" of %s is above the hard limit of %s", cell->scenario->name,
		limit_word(setting->resource), number_format_bytes(bytes, wanted, sizeof(wanted)),
		number_format_bytes(hard, most, sizeof(most)));
	return err_advise(err, "choose a lower one");
}

static int set_limits(const struct cell *cell, const struct host_view *host, struct specification *ret, struct err *err)
{
	int status = specify_limits(cell, ret, err);

	for (unsigned i = 0; i < ret->limit_count && status == 0; i++)
		status = check_hard_limit(cell, &ret->limits[i], host, err);
	return status;
}

/* The state from which a scenario will start, as far as that is known before it does. */
static struct model_state expected_state(const struct host_view *host, const struct specification *specification)
{
	struct model_state state = state_from_snapshot(&host->snapshot, &host->facts, false);

	state.map_count = START_MAPS;
	state.total_pages = state.data_pages = state.accounted_pages = START_PAGES;
	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *setting = &specification->limits[i];
		uint64_t bytes = setting->bytes;

		if (setting->relative && bytes != UNLIMITED)
			bytes += START_PAGES * state.page_bytes;
		if (setting->resource == LIMIT_AS)
			state.as.soft = bytes;
		if (setting->resource == LIMIT_DATA)
			state.data.soft = bytes;
	}
	return state;
}

/* What one operation (or, of a size, one page) adds to each of the things that can be given back. */
struct cost {
	uint64_t maps, pages, data_pages, commit_pages;
};

static struct cost operation_cost(const struct cell *cell, const struct model_state *state)
{
	struct model_state after = state_without_limits(state);
	struct refusal_reason none = {0};

	if (cell->scenario->is_size)
		return (struct cost){1, 1, 1, 1};
	apply_operation(&after, &cell->operation, &none);
	return (struct cost){after.map_count - state->map_count, after.total_pages - state->total_pages,
			     after.data_pages - state->data_pages,
			     after.commit.committed_pages - state->commit.committed_pages};
}

static uint64_t worth(uint64_t cost)
{
	return PUSH_OPERATIONS * (cost ? cost : 1);
}

/*
 * Committed pages to give back: in mode 2 enough to be seen through the per-CPU counter, which
 * hides up to a batch before and a batch after.
 */
static uint64_t commit_worth(const struct cell *cell, const struct model_state *state, uint64_t commit_pages)
{
	uint64_t each = commit_pages ? commit_pages : 1;
	uint64_t seen = 4 * state->commit.batch_pages;

	if (state->commit.mode != 2 || !operation_is_charged(&cell->operation, 2) || worth(commit_pages) >= seen)
		return worth(commit_pages);
	return (seen + each - 1) / each * each;
}

static void add_push(struct specification *ret, enum push_kind kind, enum limit_name resource, uint64_t amount)
{
	ret->pushes[ret->push_count++] = (struct push){.kind = kind, .resource = resource, .amount = amount};
}

static void add_knob_push(struct specification *ret, enum knob_id id, uint64_t amount)
{
	add_push(ret, PUSH_KNOB, LIMIT_AS, amount);
	snprintf(ret->pushes[ret->push_count - 1].knob, sizeof(ret->pushes->knob), "%s", knob_of(id)->name);
}

/* What a page more of a size adds to the charge: a fork charges it once more. */
static uint64_t commit_pages_of(const struct cell *cell, const struct cost *cost)
{
	uint64_t pages = cost->commit_pages;

	for (unsigned i = 0; cell->scenario->is_size && i < cell->operation.count; i++)
		pages += cell->operation.requests[i].call == REQUEST_FORK;
	return pages;
}

/* The knobs themselves. That of the commit limit limits nothing but in mode 2. */
static void set_knob_pushes(const struct cell *cell, const struct model_state *state, const struct cost *cost,
			    struct specification *ret)
{
	add_knob_push(ret, KNOB_MAX_MAP_COUNT, worth(cost->maps));
	if (configuration_find(cell->configuration, KNOB_PIDS_MAX))
		add_knob_push(ret, KNOB_PIDS_MAX, PUSH_OPERATIONS);
	if (state->commit.mode == 2)
		add_knob_push(ret, KNOB_OVERCOMMIT_KBYTES,
			      worth(commit_pages_of(cell, cost)) * state->page_bytes / 1024);
}

/*
 * One push for each suspect. They stay in force one after the other, so the order does not matter
 * for the sum: whichever limit binds, relaxing all of them by seven operations moves it by seven.
 */
static void set_pushes(const struct cell *cell, const struct model_state *state, const struct cost *cost, bool sysctls,
		       struct specification *ret)
{
	add_push(ret, PUSH_LIMIT, LIMIT_AS, worth(cost->pages) * state->page_bytes);
	add_push(ret, PUSH_LIMIT, LIMIT_DATA, worth(cost->data_pages) * state->page_bytes);
	if (configuration_find(cell->configuration, KNOB_LIMIT_NPROC))
		add_push(ret, PUSH_LIMIT, LIMIT_NPROC, PUSH_OPERATIONS);
	/* Under a limit that is in force at the start, what could be reserved would depend on it. */
	if (specification_limits_start(ret))
		return;
	ret->reserve_pages = worth(cost->pages);
	ret->reserve_maps = worth(cost->maps);
	ret->reserve_commit_pages = commit_worth(cell, state, cost->commit_pages);
	add_push(ret, PUSH_PAGES, LIMIT_AS, ret->reserve_pages);
	add_push(ret, PUSH_COMMIT, LIMIT_AS, ret->reserve_commit_pages);
	add_push(ret, PUSH_MAPS, LIMIT_AS, ret->reserve_maps);
	if (sysctls)
		set_knob_pushes(cell, state, cost, ret);
	if (cell->scenario->can_exempt)
		add_push(ret, PUSH_EXEMPT, LIMIT_AS, 0);
}

/* The least of RAM that is available and of the memory limits of the cgroups we are in. */
static uint64_t memory_available_bytes(const struct host_view *host)
{
	const struct machine_snapshot *machine = &host->snapshot.machine;
	uint64_t bytes = machine->mem_available_kib >= UNKNOWN ? machine->mem_total_kib : machine->mem_available_kib;

	bytes *= 1024;
	for (unsigned i = 0; i < host->facts.cgroup_count; i++) {
		const struct cgroup_limit *limit = &host->facts.cgroup[i];

		if (strncmp(limit->file, "memory.", 7) == 0 && limit->value < bytes && !strstr(limit->file, "swap"))
			bytes = limit->value;
	}
	return bytes;
}

static int too_large(const struct cell *cell, uint64_t operations, uint64_t bytes, uint64_t available, struct err *err)
{
	char need[32], have[32];

	err_set(err, ENOSPC,
		"cannot run %s: its %" PRIu64 " operations need about %s of kernel memory, %s are available",
		cell->scenario->name, operations, number_format_bytes(bytes, need, sizeof(need)),
		number_format_bytes(available, have, sizeof(have)));
	return err_advise(err, "use --at-most to stop earlier, or a lower vm.max_map_count");
}

/*
 * How far a count may go: a quarter and some more than is expected, so that a kernel that refuses
 * later than predicted is still seen to refuse, and one that never does is stopped.
 */
static int set_bound(const struct cell *cell, const struct host_view *host, const struct run_settings *settings,
		     const struct model_state *state, const struct cost *cost, struct specification *ret,
		     struct err *err)
{
	uint64_t vma_bytes = cost->maps * cost_vma_bytes(state->version);
	uint64_t available = memory_available_bytes(host) / (settings->jobs ? settings->jobs : 1);
	uint64_t affordable = vma_bytes ? available / 2 / vma_bytes : UNLIMITED;
	uint64_t wanted = settings->at_most ? settings->at_most : UINT64_C(1) << 40;
	struct prediction expected;

	if (cell->scenario->is_size) {
		/* More pages than any address space has; the bisection needs an end that is refused. */
		ret->at_most = settings->at_most ? settings->at_most : (uint64_t)INT64_MAX / state->page_bytes;
		return 0;
	}
	expected = predict_count(state, &cell->operation, wanted);
	if (expected.most > affordable)
		return too_large(cell, expected.most, expected.most * vma_bytes, available, err);
	ret->at_most = settings->at_most ? settings->at_most : expected.most + expected.most / 4 + 4096;
	if (ret->at_most > affordable)
		ret->at_most = affordable;
	return 0;
}

int specify(const struct cell *cell, const struct host_view *host, const struct run_settings *settings,
	    struct specification *ret, struct err *err)
{
	struct specification specification = {
		.timeout_ms = settings->timeout_ms, .ready_only = settings->ready_only, .witness = settings->witness};
	struct model_state state;
	struct cost cost;
	int status;

	snprintf(specification.scenario, sizeof(specification.scenario), "%s", cell->scenario->name);
	status = set_words(cell, &specification, err);
	if (status == 0)
		status = set_limits(cell, host, &specification, err);
	if (status < 0)
		return status;
	state = expected_state(host, &specification);
	cost = operation_cost(cell, &state);
	set_pushes(cell, &state, &cost, settings->pushes_knobs, &specification);
	if (state.commit.mode == 2 && operation_is_charged(&cell->operation, 2))
		specification.synchronise_pages = 2 * state.commit.batch_pages;
	status = set_bound(cell, host, settings, &state, &cost, &specification, err);
	if (status == 0)
		*ret = specification;
	return status;
}
