/*
 * Predictions against doing it: the same operation applied again and again, on many states from a
 * fixed seed, and single cases with exact numbers.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "lib/states.h"
#include "model/predict.h"

static uint64_t seed;

static uint64_t random_below(uint64_t bound)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % bound;
}

/* What at_most operations one by one come to. */
static struct prediction count_one_by_one(struct model_state state, const struct operation *operation, uint64_t at_most)
{
	struct prediction naive = {0};
	struct refusal_reason reason = {0};

	for (naive.central = 0; naive.central < at_most; naive.central++) {
		if (apply_operation(&state, operation, &reason))
			continue;
		naive.refused = true;
		naive.check = reason.check;
		naive.error = reason.check->error;
		naive.comparison = reason.comparison;
		naive.call = request_call_name(operation->requests[reason.request].call);
		naive.map_count = state.map_count;
		break;
	}
	return naive;
}

static struct prediction size_one_by_one(struct model_state state, const struct operation *operation, uint64_t at_most)
{
	struct prediction naive = {0};

	for (naive.central = 0; naive.central < at_most; naive.central++) {
		struct operation sized = operation_sized(operation, naive.central + 1);
		struct prediction one = count_one_by_one(state, &sized, 1);

		if (one.refused) {
			one.central = naive.central;
			return one;
		}
	}
	return naive;
}

static void expect_same(const struct prediction *predicted, const struct prediction *naive, const char *lines,
			int round)
{
	/* Refused only at the far end of a band: the exact sum would let it pass. */
	cr_expect(predicted->refused == naive->refused || (predicted->refused && predicted->least < predicted->central),
		  "round %d: %s", round, lines);
	cr_expect(eq(u64, predicted->central, naive->central), "round %d: %s", round, lines);
	cr_expect(predicted->least <= predicted->central && predicted->central <= predicted->most, "round %d: %s",
		  round, lines);
	if (!predicted->refused || !naive->refused)
		return;
	cr_expect(predicted->check == naive->check, "round %d: %s: %s, not %s", round, lines, predicted->check->name,
		  naive->check->name);
	cr_expect(eq(int, predicted->error, naive->error), "round %d: %s", round, lines);
	cr_expect(eq(str, (char *)predicted->call, (char *)naive->call), "round %d: %s", round, lines);
	cr_expect(eq(u64, predicted->map_count, naive->map_count), "round %d: %s", round, lines);
	cr_expect(eq(u64, predicted->comparison.value, naive->comparison.value), "round %d: %s", round, lines);
	cr_expect(eq(u64, predicted->comparison.limit, naive->comparison.limit), "round %d: %s", round, lines);
}

static uint64_t near(uint64_t value)
{
	return random_below(3) ? value + random_below(400) : UNLIMITED;
}

/* All limits lie near each other, so that each binds now and then. */
static struct model_state random_state(void)
{
	static const kernel_version versions[] = {KERNEL(5, 10), KERNEL(6, 1), KERNEL(6, 12), KERNEL(7, 1)};
	struct model_state state = free_state();
	uint64_t as = near(state.total_pages), data = near(state.data_pages), locked = near(0);

	state.version = versions[random_below(4)];
	state.max_map_count = near(state.map_count);
	state.as.soft = as == UNLIMITED ? as : as * 4096 + random_below(4096);
	state.data.soft = data == UNLIMITED ? data : data * 4096;
	state.memlock.soft = locked == UNLIMITED ? locked : locked * 4096;
	state.largest_gap_pages = near(1);
	state.commit.mode = random_below(3);
	state.commit.limit_pages = state.commit.committed_pages + random_below(900);
	state.commit.admin_reserve_pages = random_below(50);
	state.commit.user_reserve_pages = random_below(50);
	state.commit.total_pages = 200 + random_below(300);
	state.commit.batch_pages = 32 + random_below(32);
	state.commit.cpus = 1 + random_below(3);
	return state;
}

/*
 * mprotect does not see RLIMIT_DATA where RLIMIT_AS would be exceeded, so it may refuse few pages
 * and accept more: no bisection finds the first refusal then.
 */
static void avoid_the_quirk(struct model_state *state, const char *lines)
{
	if (strstr(lines, "mprotect") && strstr(lines, "to=write") && state->as.soft != UNLIMITED)
		state->data.soft = UNLIMITED;
}

static const char *const counts[] = {
	"mmap pages=1 protection=read placement=chosen",
	"mmap pages=3 protection=write",
	"mmap pages=2 protection=none merges=yes",
	"mmap pages=2 protection=write locked=yes",
	"mmap pages=2 sharing=shared protection=write",
	"mprotect pages=1 from=none to=read splits=2",
	"mprotect pages=6 from=none to=write areas=3",
	"mmap pages=4 protection=none;mprotect pages=2 from=none to=write splits=1",
	"madvise splits=2",
	"mlock pages=1 locked=yes splits=1",
	"mmap pages=5 protection=write;fork",
	"mmap pages=2 protection=write;hole pages=1",
	"mmap pages=2 protection=write;mremap pages=3 protection=write moves=yes",
	"mremap pages=1 protection=write locked=yes",
	"brk pages=2 protection=write merges=yes",
};

Test(predict, counts_as_one_by_one)
{
	const size_t kinds = sizeof(counts) / sizeof(*counts);

	seed = UINT64_C(0x9e3779b97f4a7c15);
	for (int round = 0; round < 6400; round++) {
		const char *lines = counts[(size_t)round % kinds];
		struct operation operation = operation_of(lines);
		struct model_state state = random_state();
		uint64_t at_most = random_below(1200);
		struct prediction predicted, naive;

		avoid_the_quirk(&state, lines);
		predicted = predict_count(&state, &operation, at_most);
		naive = count_one_by_one(state, &operation, at_most);

		expect_same(&predicted, &naive, lines, round);
	}
}

static const char *const sizes[] = {
	"mmap pages=$size protection=write",
	"mmap pages=$size plus=7 protection=none",
	"mmap pages=$size plus=4 protection=none;mprotect pages=$size areas=4 from=none to=write pieces=yes;fork",
	"mmap pages=$size protection=write locked=yes",
	"mmap pages=$size sharing=shared protection=read",
	"brk pages=$size protection=write",
	"mlock pages=$size locked=yes",
	"mmap pages=$size protection=write;fork",
};

Test(predict, sizes_as_one_by_one)
{
	const size_t kinds = sizeof(sizes) / sizeof(*sizes);

	seed = UINT64_C(0xd1b54a32d192ed03);
	for (int round = 0; round < 4000; round++) {
		const char *lines = sizes[(size_t)round % kinds];
		struct operation operation = operation_of(lines);
		struct model_state state = random_state();
		uint64_t at_most = random_below(1500);
		struct prediction predicted, naive;

		avoid_the_quirk(&state, lines);
		predicted = predict_size(&state, &operation, at_most);
		naive = size_one_by_one(state, &operation, at_most);

		expect_same(&predicted, &naive, lines, round);
	}
}

/* The ends of a band are what the exact sum gives when the counter shows so much more or less. */
Test(predict, bands_are_what_a_shifted_counter_gives)
{
	const char *lines = "mmap pages=2 protection=write placement=chosen";
	struct operation operation = operation_of(lines);

	seed = 77;
	for (int round = 0; round < 500; round++) {
		struct model_state state = random_state(), above, below;
		uint64_t band = state.commit.cpus * (state.commit.batch_pages - 1);
		struct prediction predicted;

		state.commit.mode = 2;
		above = below = state;
		above.commit.bias_pages = (int64_t)band;
		below.commit.bias_pages = -(int64_t)band;
		predicted = predict_count(&state, &operation, 2000);
		cr_expect(eq(u64, predicted.least, count_one_by_one(above, &operation, 2000).central), "round %d",
			  round);
		cr_expect(eq(u64, predicted.most, count_one_by_one(below, &operation, 2000).central), "round %d",
			  round);
	}
}

/* Mode 2 charges MAP_NORESERVE, in what an operation adds as in what is compared. */
Test(predict, noreserve_is_charged_in_mode_2)
{
	static const char lines[] = "mmap pages=2 protection=write noreserve=yes";
	struct operation operation = operation_of(lines);
	struct model_state state = free_state();
	struct prediction predicted, naive;

	state.commit.mode = 2;
	state.commit.limit_pages = 5201;
	predicted = predict_count(&state, &operation, 1000);
	naive = count_one_by_one(state, &operation, 1000);
	cr_expect(eq(u64, naive.central, 100));
	cr_expect(predicted.least < predicted.most, "a band");
	expect_same(&predicted, &naive, lines, 0);
}
