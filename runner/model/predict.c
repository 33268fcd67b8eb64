#include "model/predict.h"

#include <stddef.h>

/* The charge of one operation when it is one charge, else 0; *ret_charges is how many it makes. */
static uint64_t single_charge(const struct model_state *state, const struct operation *operation, unsigned *ret_charges)
{
	struct model_state once = state_without_limits(state);
	uint64_t charge = 0;
	unsigned charges = 0;

	for (unsigned i = 0; i < operation->count; i++) {
		uint64_t before = once.commit.committed_pages;
		struct refusal_reason none = {0};

		apply_request(&once, &operation->requests[i], &none);
		charge = once.commit.committed_pages - before;
		charges += charge > 0;
	}
	*ret_charges = charges;
	return charges == 1 ? charge : 0;
}

/* This CPU's residue after `count` equal charges: it grows until it reaches the batch, and starts again. */
static int64_t residue_after(const struct commit_state *commit, uint64_t charge, uint64_t count)
{
	uint64_t batch = commit->batch_pages;
	uint64_t first = (uint64_t)((int64_t)batch - commit->residue_pages + (int64_t)charge - 1) / charge;
	uint64_t period = (batch + charge - 1) / charge;

	if (count < first)
		return commit->residue_pages + (int64_t)(count * charge);
	return (int64_t)((count - first) % period * charge);
}

struct model_state state_after(const struct model_state *state, const struct operation *operation, uint64_t count)
{
	struct model_state once = state_without_limits(state);
	struct model_state later = *state;
	struct refusal_reason none = {0};
	unsigned charges;
	uint64_t charge = single_charge(state, operation, &charges);

	apply_operation(&once, operation, &none);
	later.map_count += count * (once.map_count - state->map_count);
	later.total_pages += count * (once.total_pages - state->total_pages);
	later.data_pages += count * (once.data_pages - state->data_pages);
	later.locked_pages += count * (once.locked_pages - state->locked_pages);
	later.brk_bytes += count * (once.brk_bytes - state->brk_bytes);
	later.accounted_pages += count * (once.accounted_pages - state->accounted_pages);
	later.commit.committed_pages += count * (once.commit.committed_pages - state->commit.committed_pages);
	if (count && once.largest_accounted_pages > later.largest_accounted_pages)
		later.largest_accounted_pages = once.largest_accounted_pages;
	if (count && charge && later.commit.synchronised)
		later.commit.residue_pages = residue_after(&state->commit, charge, count);
	return later;
}

/* Number `number` of a count (number operations came before), or the size `number`, from 1 on. */
typedef bool attempt(const struct model_state *state, const struct operation *operation, uint64_t number,
		     struct model_state *ret_state, struct refusal_reason *ret);

static bool attempt_count(const struct model_state *state, const struct operation *operation, uint64_t number,
			  struct model_state *ret_state, struct refusal_reason *ret)
{
	*ret_state = state_after(state, operation, number - 1);
	return apply_operation(ret_state, operation, ret);
}

static bool attempt_size(const struct model_state *state, const struct operation *operation, uint64_t number,
			 struct model_state *ret_state, struct refusal_reason *ret)
{
	struct operation sized = operation_sized(operation, number);

	*ret_state = *state;
	return apply_operation(ret_state, &sized, ret);
}

/*
 * Every check compares what only grows, so once refused is refused from there on: bisect. For sizes
 * it is the scenario's own bisection, step by step, which finds the same end where that does not hold.
 */
static struct prediction search(const struct model_state *state, const struct operation *operation, uint64_t at_most,
				attempt *try)
{
	struct prediction prediction = {.least = at_most, .most = at_most, .central = at_most};
	struct refusal_reason reason = {0};
	struct model_state end;
	uint64_t accepted = 0, refused = at_most;

	if (at_most == 0 || try(state, operation, at_most, &end, &reason))
		return prediction;
	/* As the scenario does it: scenarios/lib/loop.c. */
	for (uint64_t size = 1; try == attempt_size && size < refused; size *= 2) {
		if (try(state, operation, size, &end, &reason))
			accepted = size;
		else
			refused = size;
	}
	while (refused - accepted > 1) {
		uint64_t middle = accepted + (refused - accepted) / 2;

		if (try(state, operation, middle, &end, &reason))
			accepted = middle;
		else
			refused = middle;
	}
	try(state, operation, refused, &end, &reason);
	prediction.refused = true;
	prediction.least = prediction.most = prediction.central = accepted;
	prediction.call = request_call_name(operation->requests[reason.request].call);
	prediction.error = reason.check->error;
	prediction.check = reason.check;
	prediction.comparison = reason.comparison;
	prediction.map_count = end.map_count;
	prediction.left = reason.left;
	return prediction;
}

/*
 * How far percpu_counter_read_positive() can be from the exact sum when the decisive charge is
 * made. A charge of at least two batches folds this CPU's residue into the global count
 * (lib/percpu_counter.c percpu_counter_add_batch()), so only other CPUs' residues remain unknown.
 */
static uint64_t uncertainty(const struct model_state *state, const struct operation *operation, uint64_t size)
{
	const struct commit_state *commit = &state->commit;
	struct operation sized = operation_sized(operation, size);
	bool folds = sized.count == 1 && sized.requests[0].pages >= 2 * commit->batch_pages;

	if (commit->mode != 2)
		return 0;
	return (commit->cpus - (folds ? 1 : 0)) * (commit->batch_pages - 1);
}

/* A residue is followed through one charge for each operation; a size begins anew each time. */
static bool is_exact(const struct model_state *state, const struct operation *operation, attempt *try)
{
	unsigned charges = 0;

	if (try == attempt_count)
		single_charge(state, operation, &charges);
	return state->commit.synchronised && charges <= 1;
}

static struct prediction predict(const struct model_state *state, const struct operation *operation, uint64_t at_most,
				 attempt *try)
{
	struct prediction central = search(state, operation, at_most, try), early;
	bool charged = operation_is_charged(operation, state->commit.mode);
	uint64_t bias = charged ? uncertainty(state, operation, central.least) : 0;
	struct model_state above = *state, below = *state;

	central.exact = is_exact(state, operation, try);
	if (bias == 0)
		return central;
	above.commit.bias_pages += (int64_t)bias;
	below.commit.bias_pages -= (int64_t)bias;
	early = search(&above, operation, at_most, try);
	/* Refused perhaps, at the far end of the band: then it is known by what. */
	if (!central.refused && early.refused) {
		early.central = central.central;
		early.exact = central.exact;
		central = early;
	}
	central.least = early.least;
	central.most = search(&below, operation, at_most, try).most;
	return central;
}

struct prediction predict_count(const struct model_state *state, const struct operation *operation, uint64_t at_most)
{
	return predict(state, operation, at_most, attempt_count);
}

struct prediction predict_size(const struct model_state *state, const struct operation *operation, uint64_t at_most)
{
	return predict(state, operation, at_most, attempt_size);
}
