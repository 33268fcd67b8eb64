/*
 * The per-CPU counter of committed pages, followed charge by charge (lib/percpu_counter.c
 * percpu_counter_add_batch()), and predictions that follow it.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/states.h"
#include "model/predict.h"

static struct commit_state counter(bool synchronised)
{
	return (struct commit_state){.committed_pages = 1000, .batch_pages = 100, .synchronised = synchronised};
}

static void expect_charge(struct commit_state *commit, int64_t pages, uint64_t committed, uint64_t counted)
{
	commit_charge(commit, pages);
	cr_expect(eq(u64, commit->committed_pages, committed));
	cr_expect(eq(u64, commit_counted(commit), counted));
}

Test(counter, small_charges_are_seen_a_batch_later)
{
	struct commit_state commit = counter(true);

	expect_charge(&commit, 99, 1099, 1000);
	expect_charge(&commit, -99, 1000, 1000);
	expect_charge(&commit, 60, 1060, 1000);
	expect_charge(&commit, 39, 1099, 1000);
	expect_charge(&commit, 1, 1100, 1100);
	expect_charge(&commit, -99, 1001, 1100);
	expect_charge(&commit, -1, 1000, 1000);
}

Test(counter, large_charges_fold_what_was_left)
{
	struct commit_state commit = counter(true);

	expect_charge(&commit, 50, 1050, 1000);
	expect_charge(&commit, 100, 1150, 1150);
	expect_charge(&commit, -50, 1100, 1150);
	expect_charge(&commit, 149, 1249, 1150);
	expect_charge(&commit, 1, 1250, 1250);
}

Test(counter, not_synchronised_is_the_sum)
{
	struct commit_state commit = counter(false);

	expect_charge(&commit, 7, 1007, 1007);
	expect_charge(&commit, -1007, 0, 0);
	commit.bias_pages = -5;
	cr_expect(eq(u64, commit_counted(&commit), 0), "never negative");
}

static uint64_t count_one_by_one(struct model_state state, const struct operation *operation, uint64_t at_most)
{
	struct refusal_reason reason = {0};
	uint64_t count = 0;

	while (count < at_most && apply_operation(&state, operation, &reason))
		count++;
	return count;
}

static struct model_state synchronised_state(uint64_t limit)
{
	struct model_state state = free_state();

	state.commit.mode = 2;
	state.commit.limit_pages = limit;
	state.commit.batch_pages = 97;
	state.commit.synchronised = true;
	state.commit.admin_reserve_pages = 11;
	state.commit.user_reserve_pages = 40;
	return state;
}

static void expect_same(const char *lines)
{
	struct operation operation = operation_of(lines);

	for (uint64_t limit = 5200; limit < 6200; limit += 13) {
		struct model_state state = synchronised_state(limit);
		struct prediction predicted;

		for (state.commit.residue_pages = -96; state.commit.residue_pages < 97;
		     state.commit.residue_pages += 24) {
			predicted = predict_count(&state, &operation, 5000);
			cr_expect(predicted.exact);
			cr_expect(eq(u64, predicted.central, count_one_by_one(state, &operation, 5000)),
				  "%s: limit %llu, residue %lld", lines, (unsigned long long)limit,
				  (long long)state.commit.residue_pages);
		}
	}
}

Test(counter, counts_of_equal_charges)
{
	expect_same("mmap pages=1 protection=write");
	expect_same("mmap pages=10 protection=write");
	expect_same("mmap pages=96 protection=write");
	expect_same("mmap pages=97 protection=write");
	expect_same("mmap pages=300 protection=write");
	expect_same("mmap pages=4;mprotect pages=3 from=none to=write splits=1");
}

Test(counter, fork_charges_vma_by_vma)
{
	struct model_state state = synchronised_state(5100);
	struct operation fork = operation_of("fork");
	struct refusal_reason reason = {0};

	state.commit.admin_reserve_pages = state.commit.user_reserve_pages = 0;
	state.accounted_pages = 192;
	state.accounted[0] = (struct accounted_run){96, 1};
	state.accounted[1] = (struct accounted_run){24, 4};
	state.accounted_count = 2;
	cr_expect(not(apply_operation(&state, &fork, &reason)), "5096 + 24 are counted: the batch is reached");
	cr_expect(eq(u64, reason.comparison.value, 5120));
	state.accounted[0].pages = 96 - 24;
	state.accounted[1].count = 1;
	state.accounted_pages = 96;
	state.commit.limit_pages = 5001;
	cr_expect(apply_operation(&state, &fork, &reason), "96 pages stay in the residue");
	state.commit.synchronised = false;
	cr_expect(not(apply_operation(&state, &fork, &reason)), "the sum is over the limit");
}
