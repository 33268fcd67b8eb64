/*
 * Predictions with exact numbers, from states as the reference's experiments had them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "lib/states.h"
#include "model/predict.h"

static struct prediction count(struct model_state state, const char *lines, uint64_t at_most)
{
	struct operation operation = operation_of(lines);

	return predict_count(&state, &operation, at_most);
}

static struct prediction size(struct model_state state, const char *lines, uint64_t at_most)
{
	struct operation operation = operation_of(lines);

	return predict_size(&state, &operation, at_most);
}

static struct model_state small_program(uint64_t maps)
{
	struct model_state state = free_state();

	state.map_count = maps;
	state.max_map_count = 65530;
	return state;
}

static void expect(struct prediction prediction, uint64_t accepted, const char *check)
{
	cr_assert(prediction.refused);
	cr_expect(eq(u64, prediction.central, accepted));
	cr_expect(eq(u64, prediction.least, accepted));
	cr_expect(eq(u64, prediction.most, accepted));
	cr_expect(eq(str, (char *)prediction.check->name, (char *)check));
}

Test(predict, mmaps_reach_one_more_than_the_limit)
{
	struct prediction prediction = count(small_program(11), "mmap pages=1 protection=read", 100000);

	expect(prediction, 65520, "map-count");
	cr_expect(eq(u64, prediction.map_count, 65531));
	cr_expect(eq(str, (char *)prediction.call, "mmap"));
	cr_expect(eq(int, prediction.error, ENOMEM));
	cr_expect(eq(str, prediction.comparison.text, "map count 65531 > vm.max_map_count 65530"));
}

Test(predict, splits_reach_the_limit_and_leave_one_behind)
{
	struct prediction odd = count(small_program(11), "mprotect pages=1 from=none to=read splits=2", 100000);
	struct prediction even = count(small_program(10), "mprotect pages=1 from=none to=read splits=2", 100000);

	expect(odd, 32759, "map-count-split");
	cr_expect(eq(u64, odd.map_count, 65530), "the first split of the last call stays");
	expect(even, 32760, "map-count-split");
	cr_expect(eq(u64, even.map_count, 65530));
}

Test(predict, at_most_is_an_end_without_refusal)
{
	struct prediction prediction = count(small_program(11), "mmap pages=1", 65520);

	cr_expect(not(prediction.refused));
	cr_expect(eq(u64, prediction.central, 65520));
	expect(count(small_program(11), "mmap pages=1", 65521), 65520, "map-count");
	cr_expect(not(count(small_program(70000), "mmap pages=1", 0).refused));
	expect(count(small_program(70000), "mmap pages=1", 1), 0, "map-count");
}

Test(predict, the_nearer_limit_binds)
{
	struct model_state state = small_program(11);

	state.as.soft = (1000 + 65519) * 4096;
	expect(count(state, "mmap pages=1", 100000), 65519, "rlimit-as");
	state.as.soft = (1000 + 65520) * 4096;
	expect(count(state, "mmap pages=1", 100000), 65520, "map-count"); /* both at once: the first check */
	state.data.soft = (500 + 100) * 4096;
	expect(count(state, "mmap pages=2 protection=write", 100000), 50, "rlimit-data");
}

Test(predict, a_million_million_operations)
{
	struct model_state state = free_state();

	state.as.soft = (1000 + (UINT64_C(1) << 40)) * 4096;
	expect(count(state, "mmap pages=1 merges=yes", UINT64_C(1) << 41), UINT64_C(1) << 40, "rlimit-as");
}

Test(predict, sizes_up_to_ram_and_swap)
{
	struct model_state state = free_state();

	state.commit.mode = 0;
	state.commit.total_pages = 6171021;
	expect(size(state, "mmap pages=$size protection=write", INT64_MAX / 4096), 6171021, "commit-heuristic");
	expect(size(state, "mmap pages=$size plus=1 protection=write", INT64_MAX / 4096), 6171020, "commit-heuristic");
	state.largest_gap_pages = 6171020;
	expect(size(state, "mmap pages=$size protection=write", INT64_MAX / 4096), 6171020, "address-space");
}

/* Reference 2.4: two VMAs of together more than RAM and swap fork; one does not. */
Test(predict, fork_in_mode_0_and_mode_2)
{
	static const char one[] =
		"mmap pages=$size plus=1;mprotect pages=$size areas=1 from=none to=write pieces=yes;fork";
	static const char two[] =
		"mmap pages=$size plus=2;mprotect pages=$size areas=2 from=none to=write pieces=yes;fork";
	struct model_state state = free_state();

	state.commit.mode = 0;
	expect(size(state, one, UINT64_C(1) << 30), 200000, "commit-heuristic-fork");
	expect(size(state, two, UINT64_C(1) << 30), 400000, "commit-heuristic-fork");
	/* 5000 + n + (300 + n) < 100000 */
	state.commit.mode = 2;
	state.commit.batch_pages = 1;
	expect(size(state, one, UINT64_C(1) << 30), 47349, "commit-limit-fork");
}

Test(predict, mode_2_has_a_band)
{
	struct model_state state = free_state();
	struct prediction prediction;

	state.commit.mode = 2;
	state.commit.cpus = 2;
	state.commit.batch_pages = 101;
	/* 5000 + 10 n < 100000, and 200 pages more or less */
	prediction = count(state, "mmap pages=10 protection=write", 100000);
	cr_expect(eq(u64, prediction.central, 9499));
	cr_expect(eq(u64, prediction.least, 9479));
	cr_expect(eq(u64, prediction.most, 9519));
	/* A request of two batches folds this CPU's residue: only the other's 100 pages remain. */
	prediction = size(state, "mmap pages=$size protection=write", 1000000);
	cr_expect(eq(u64, prediction.central, 94999));
	cr_expect(eq(u64, prediction.least, 94899));
	cr_expect(eq(u64, prediction.most, 95099));
	state.commit.cpus = 1;
	expect(size(state, "mmap pages=$size protection=write", 1000000), 94999, "commit-limit");
	prediction = count(state, "mmap pages=10 protection=read", 1000);
	cr_expect(prediction.least == 1000 && prediction.most == 1000, "nothing is charged");
}

Test(predict, errno_of_madvise_by_version)
{
	struct model_state state = small_program(65000);

	cr_expect(eq(int, count(state, "madvise splits=1", 1000).error, EAGAIN));
	state.version = KERNEL(5, 10);
	cr_expect(eq(int, count(state, "madvise splits=1", 1000).error, ENOMEM));
	expect(count(state, "madvise splits=1", 1000), 530, "map-count-split");
}
