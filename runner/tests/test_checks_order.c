/*
 * Where two checks would refuse, the kernel's order decides (reference, 1.0); and what a check's
 * data say of itself.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/states.h"

/* Relaxes one check after the other; each time the next must refuse. */
struct relaxation {
	const char *name;
	void (*relax)(struct model_state *state);
};

static void expect_order(struct model_state state, const char *line, const struct relaxation *order)
{
	for (; order->name; order++) {
		cr_expect(eq(str, (char *)refuser(state, line), (char *)order->name), "%s", line);
		order->relax(&state);
	}
	cr_expect(eq(str, (char *)refuser(state, line), "-"), "%s", line);
}

static void free_maps(struct model_state *state)
{
	state->max_map_count = UNLIMITED;
}

static void free_gap(struct model_state *state)
{
	state->largest_gap_pages = UNLIMITED;
}

static void some_memlock(struct model_state *state)
{
	state->memlock.soft = 1;
}

static void free_memlock(struct model_state *state)
{
	state->memlock.soft = UNLIMITED;
}

static void free_as(struct model_state *state)
{
	state->as.soft = UNLIMITED;
}

static void free_data(struct model_state *state)
{
	state->data.soft = UNLIMITED;
}

static void data_for_brk_bytes(struct model_state *state)
{
	state->brk_bytes = 0;
}

static void free_commit(struct model_state *state)
{
	state->commit.mode = 1;
}

/* Refuses by everything at once. */
static struct model_state tight_state(uint64_t mode)
{
	struct model_state state = free_state();

	state.max_map_count = 50;
	state.largest_gap_pages = 10;
	state.memlock = state.as = (struct limit){0, 0};
	state.data.soft = 499 * 4096;
	state.brk_bytes = 499 * 4096;
	state.commit.mode = mode;
	state.commit.total_pages = 10;
	state.commit.limit_pages = 10;
	state.accounted_pages = 100;
	state.largest_accounted_pages = 100;
	return state;
}

Test(order, of_mmap)
{
	struct relaxation order[] = {
		{"map-count", free_maps},
		{"address-space", free_gap},
		{"rlimit-memlock-none", some_memlock},
		{"rlimit-memlock", free_memlock},
		{"rlimit-as", free_as},
		{"rlimit-data", free_data},
		{"commit-heuristic", free_commit},
		{NULL, NULL},
	};

	expect_order(tight_state(0), "mmap pages=20 protection=write locked=yes", order);
	order[6].name = "commit-limit";
	expect_order(tight_state(2), "mmap pages=20 protection=write locked=yes", order);
}

Test(order, of_brk)
{
	struct relaxation order[] = {
		{"rlimit-data-brk", data_for_brk_bytes},
		{"rlimit-memlock", free_memlock},
		{"rlimit-as", free_as},
		{"rlimit-data", free_data},
		{"map-count-brk", free_maps},
		{"commit-heuristic", free_commit},
		{NULL, NULL},
	};

	expect_order(tight_state(0), "brk pages=20 protection=write locked=yes", order);
	order[5].name = "commit-limit";
	expect_order(tight_state(2), "brk pages=20 protection=write locked=yes", order);
}

Test(order, of_mprotect)
{
	struct model_state state = tight_state(2);
	struct relaxation order[] = {
		{"rlimit-data", free_data},
		{"commit-limit", free_commit},
		{"map-count-split", free_maps},
		{NULL, NULL},
	};

	state.as.soft = UNLIMITED;
	expect_order(state, "mprotect pages=20 from=none to=write splits=1", order);
}

Test(order, of_mlock)
{
	struct relaxation order[] = {
		{"rlimit-memlock-none", some_memlock},
		{"rlimit-memlock", free_memlock},
		{"map-count-split", free_maps},
		{NULL, NULL},
	};

	expect_order(tight_state(0), "mlock pages=20 locked=yes splits=1", order);
}

static void max_for_fixed(struct model_state *state)
{
	state->max_map_count = state->map_count + 6;
}

/* From 6.1 on; 5.10 charges before it moves. */
Test(order, of_mremap)
{
	struct model_state state = tight_state(2);
	struct relaxation order[] = {
		{"map-count-mremap-fixed", max_for_fixed},
		{"rlimit-memlock", free_memlock},
		{"rlimit-as", free_as},
		{"rlimit-data", free_data},
		{"commit-limit", free_commit},
		{NULL, NULL},
	};
	struct relaxation moves[] = {
		{"rlimit-as", free_as},
		{"rlimit-data", free_data},
		{"map-count-mremap-move", free_maps},
		{"commit-limit", free_commit},
		{NULL, NULL},
	};
	struct relaxation since_7_1[] = {
		{"map-count-mremap", free_maps}, {"rlimit-as", free_as}, {"rlimit-data", free_data},
		{"commit-limit", free_commit},   {NULL, NULL},
	};

	expect_order(state, "mremap pages=20 protection=write fixed=yes locked=yes", order);
	expect_order(state, "mremap pages=20 protection=write moves=yes", moves);
	state.version = KERNEL(7, 1);
	expect_order(state, "mremap pages=20 protection=write moves=yes", since_7_1);
}

Test(order, of_fork)
{
	struct relaxation order[] = {{"commit-heuristic-fork", free_commit}, {NULL, NULL}};

	expect_order(tight_state(0), "fork", order);
	order[0].name = "commit-limit-fork";
	expect_order(tight_state(2), "fork", order);
}

Test(check, holds_from_since_to_until)
{
	const struct check *any = check_find("map-count-mremap"), *fixed = check_find("map-count-mremap-fixed");

	cr_assert(any != NULL && fixed != NULL);
	cr_expect(not(check_holds(any, KERNEL(7, 0))));
	cr_expect(check_holds(any, KERNEL(7, 1)));
	cr_expect(check_holds(fixed, KERNEL(7, 0)));
	cr_expect(not(check_holds(fixed, KERNEL(7, 1))));
	cr_expect(check_holds(fixed, KERNEL(4, 19)), "taken for the oldest one read");
	cr_expect(check_find("map-count-none") == NULL);
}

Test(check, place_by_version)
{
	const struct check *hole = check_find("map-count-hole");

	cr_expect(eq(str, (char *)check_place(hole, KERNEL(5, 10))->function, "__do_munmap"));
	cr_expect(eq(str, (char *)check_place(hole, KERNEL(6, 0))->function, "__do_munmap"));
	cr_expect(eq(str, (char *)check_place(hole, KERNEL(6, 1))->function, "do_mas_align_munmap"));
	cr_expect(eq(str, (char *)check_place(hole, KERNEL(7, 2))->function, "vms_gather_munmap_vmas"));
	cr_expect(eq(str, (char *)check_place(hole, KERNEL(7, 2))->file, "mm/vma.c"));
	cr_expect(eq(str, (char *)check_place(check_find("map-count"), 0)->function, "do_mmap"));
	cr_expect(eq(str, (char *)check_place(check_find("commit-limit-fork"), KERNEL(6, 12))->file, "kernel/fork.c"));
	cr_expect(eq(str, (char *)check_place(check_find("commit-limit-fork"), KERNEL(6, 19))->file, "mm/mmap.c"));
}

static void expect_whole(const struct check *check)
{
	const struct place *place = &check->places[0];

	cr_expect(check->rule && check->rule[0] && check->fix && check->fix[0], "%s", check->name);
	cr_expect(check->knob && check->error > 0 && check->refuses, "%s", check->name);
	cr_expect(check->since >= KERNEL_OLDEST && check->since < check->until, "%s", check->name);
	cr_expect(eq(int, place->since, check->since), "%s", check->name);
	cr_expect(strncmp(place->file, "mm/", 3) == 0 || strncmp(place->file, "kernel/", 7) == 0, "%s", check->name);
}

Test(check, data_are_whole)
{
	unsigned seen = 0;

	for (unsigned call = 0; call < REQUEST_CALLS; call++) {
		const struct check *const *split = split_checks_of((enum request_call)call);

		for (const struct check *const *check = checks_of((enum request_call)call); *check; check++, seen++)
			expect_whole(*check);
		for (; split && *split; split++, seen++)
			expect_whole(*split);
	}
	cr_expect(eq(uint, seen, 39));
}
