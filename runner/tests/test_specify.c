/*
 * Specifications: bounds, limits, reserves and pushes of a cell on a host.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "cell/specify.h"
#include "lib/fixtures.h"

static struct catalogue catalogue;

static void load_catalogue(void)
{
	fixture_catalogue(&catalogue);
}

static void free_catalogue(void)
{
	catalogue_free(&catalogue);
}

TestSuite(specify, .init = load_catalogue, .fini = free_catalogue);

/* 8 GiB, half of it available, no limits. */
static struct host_view host_of_8_gib(void)
{
	struct host_view host = {.facts = {.kernel = "6.12.107", .page_bytes = 4096, .cpus_present = 2},
				 .snapshot = {.machine = {.mem_total_kib = 8 << 20,
							  .mem_available_kib = 4 << 20,
							  .max_map_count = 65530,
							  .commit_limit_kib = 4 << 20}}};

	for (int i = 0; i < LIMIT_COUNT; i++)
		host.snapshot.process.limits[i] = (struct limit){UNLIMITED, UNLIMITED};
	return host;
}

static int specify_with(const char *scenario, const char *parameter, const struct host_view *host, uint64_t at_most,
			struct specification *ret, struct err *err)
{
	struct choice choice = {.pattern = scenario};
	struct selection selection = {.choices = &choice,
				      .choice_count = 1,
				      .parameters = &parameter,
				      .parameter_count = parameter != NULL,
				      .repeats = 1};
	struct run_settings settings = {.timeout_ms = 60000, .at_most = at_most};
	struct plan plan;
	int status;

	cr_assert(plan_make(&catalogue, &selection, &plan, err) == 0, "%s", err->text);
	status = specify(&plan.cells[0], host, &settings, ret, err);
	plan_free(&plan);
	return status;
}

static struct specification specification_of(const char *scenario, const char *parameter)
{
	struct host_view host = host_of_8_gib();
	struct specification specification;
	struct err err = {0};

	cr_assert(specify_with(scenario, parameter, &host, 0, &specification, &err) == 0, "%s", err.text);
	return specification;
}

static void expect_push(const struct push *push, enum push_kind kind, enum limit_name resource, uint64_t amount)
{
	cr_expect(eq(str, (char *)push_kind_word(push->kind), (char *)push_kind_word(kind)));
	cr_expect(kind != PUSH_LIMIT || push->resource == resource);
	cr_expect(eq(u64, push->amount, amount));
}

Test(specify, seven_operations_of_each_suspect)
{
	struct specification specification = specification_of("many-mmaps", "pages=3");

	cr_expect(eq(str, specification.scenario, "many-mmaps"));
	cr_expect(eq(uint, specification.word_count, 3));
	cr_expect(eq(str, specification.words[0], "pages=3"));
	cr_expect(eq(str, specification.words[1], "backing=anonymous"));
	cr_assert(eq(uint, specification.push_count, 5));
	expect_push(&specification.pushes[0], PUSH_LIMIT, LIMIT_AS, 21 * 4096);
	expect_push(&specification.pushes[1], PUSH_LIMIT, LIMIT_DATA, 7 * 4096);
	expect_push(&specification.pushes[2], PUSH_PAGES, LIMIT_AS, 21);
	expect_push(&specification.pushes[3], PUSH_COMMIT, LIMIT_AS, 7);
	expect_push(&specification.pushes[4], PUSH_MAPS, LIMIT_AS, 7);
	cr_expect(eq(u64, specification.reserve_pages, 21));
	cr_expect(eq(u64, specification.reserve_maps, 7));
	cr_expect(eq(u64, specification.reserve_commit_pages, 7));
	cr_expect(eq(u64, specification.timeout_ms, 60000));
}

Test(specify, splits_cost_two_maps)
{
	struct specification specification = specification_of("mprotect-splits", NULL);

	cr_expect(eq(u64, specification.reserve_maps, 14));
	cr_expect(eq(u64, specification.reserve_pages, 7));
}

Test(specify, sizes_are_pushed_by_pages_and_exempted)
{
	struct specification specification = specification_of("oversized-mmap", NULL);

	cr_assert(eq(uint, specification.push_count, 6));
	expect_push(&specification.pushes[5], PUSH_EXEMPT, LIMIT_AS, 0);
	expect_push(&specification.pushes[0], PUSH_LIMIT, LIMIT_AS, 7 * 4096);
	cr_expect(eq(u64, specification.at_most, INT64_MAX / 4096));
}

/* In mode 2 a push of seven pages would drown in the per-CPU counter: 4 batches, of 8 GiB on 2 CPUs. */
Test(specify, mode_2_pushes_further)
{
	struct host_view host = host_of_8_gib();
	struct specification specification;
	struct err err = {0};

	host.snapshot.machine.overcommit_memory = 2;
	cr_assert(eq(int, specify_with("oversized-mmap", NULL, &host, 0, &specification, &err), 0));
	cr_expect(eq(u64, specification.reserve_commit_pages, 4 * 4096));
	cr_assert(eq(int, specify_with("many-mmaps", NULL, &host, 0, &specification, &err), 0));
	cr_expect(eq(u64, specification.reserve_commit_pages, 7), "reading is not charged");
}

/* 65530 + 1 - 32 maps at the start are 65499 operations; a quarter and 4096 more. */
Test(specify, counts_go_somewhat_further_than_expected)
{
	struct host_view host = host_of_8_gib();
	struct specification specification = specification_of("many-mmaps", NULL);
	struct err err = {0};

	cr_expect(eq(u64, specification.at_most, 65499 + 65499 / 4 + 4096));
	cr_assert(eq(int, specify_with("many-mmaps", NULL, &host, 100, &specification, &err), 0));
	cr_expect(eq(u64, specification.at_most, 100));
	cr_assert(eq(int, specify_with("oversized-mmap", NULL, &host, 100, &specification, &err), 0));
	cr_expect(eq(u64, specification.at_most, 100));
}

Test(specify, limits_of_the_scenario)
{
	struct specification relative = specification_of("ulimit-v", "limit=+1M");
	struct specification absolute = specification_of("ulimit-v", "limit=64M");
	struct specification at_exec = specification_of("ulimit-v", "limit_at=exec");

	cr_assert(eq(uint, relative.limit_count, 1));
	cr_expect(relative.limits[0].resource == LIMIT_AS && relative.limits[0].relative &&
		  !relative.limits[0].at_exec);
	cr_expect(eq(u64, relative.limits[0].bytes, 1 << 20));
	cr_expect(eq(u64, relative.at_most, 256 + 64 + 4096));
	cr_expect(not(absolute.limits[0].relative));
	cr_expect(eq(u64, absolute.at_most, 15984 + 15984 / 4 + 4096), "16384 pages less 400 at the start");
	cr_expect(at_exec.limits[0].at_exec);
	cr_expect(eq(uint, at_exec.push_count, 2), "nothing can be reserved under such a limit");
	cr_expect(eq(u64, at_exec.reserve_maps + at_exec.reserve_pages + at_exec.reserve_commit_pages, 0));
}

Test(specify, what_does_not_fit_into_memory_is_refused)
{
	struct host_view host = host_of_8_gib();
	struct specification specification = {.at_most = 77};
	struct err err = {0};

	host.snapshot.machine.max_map_count = 2147483647;
	cr_expect(eq(int, specify_with("many-mmaps", NULL, &host, 0, &specification, &err), -ENOSPC));
	cr_expect(eq(str, err.text,
		     "cannot run many-mmaps: its 2147483616 operations need about 514.0 GiB of kernel memory, "
		     "4.0 GiB are available"));
	cr_expect(strstr(err.advice, "--at-most") != NULL);
	cr_expect(eq(u64, specification.at_most, 77), "nothing is made");
	cr_expect(eq(int, specify_with("many-mmaps", NULL, &host, 100000, &specification, &err), 0));
	cr_expect(eq(int, specify_with("mprotect-splits", NULL, &host, 0, &specification, &err), -ENOSPC));
	/* 2 GiB hold 8355967 VMAs of 257 bytes. */
	cr_expect(eq(int, specify_with("many-mmaps", NULL, &host, 8355967, &specification, &err), 0));
	cr_expect(eq(int, specify_with("many-mmaps", NULL, &host, 8355968, &specification, &err), -ENOSPC));
}

Test(specify, the_tightest_memory_limit_counts)
{
	struct host_view host = host_of_8_gib();
	struct specification specification;
	struct err err = {0};

	host.facts.cgroup_count = 2;
	host.facts.cgroup[0] = (struct cgroup_limit){2, "/a", "memory.swap.max", 4096};
	host.facts.cgroup[1] = (struct cgroup_limit){2, "/", "memory.max", 32 << 20};
	cr_expect(eq(int, specify_with("many-mmaps", NULL, &host, 0, &specification, &err), -ENOSPC));
	cr_expect(strstr(err.text, "need about 16.1 MiB of kernel memory, 32.0 MiB are available") != NULL, "%s",
		  err.text);
	host.facts.cgroup[1].value = 33 << 20;
	cr_expect(eq(int, specify_with("many-mmaps", NULL, &host, 0, &specification, &err), 0));
	host.facts.cgroup_count = 0;
	host.snapshot.machine.mem_available_kib = UNKNOWN;
	host.snapshot.machine.mem_total_kib = 32 << 10;
	cr_expect(eq(int, specify_with("many-mmaps", NULL, &host, 0, &specification, &err), -ENOSPC));
}

Test(specify, own_limits_are_seen)
{
	struct host_view host = host_of_8_gib();
	struct specification specification;
	struct err err = {0};

	host.snapshot.process.limits[LIMIT_AS].soft = (400 + 1000) * 4096;
	cr_assert(eq(int, specify_with("many-mmaps", NULL, &host, 0, &specification, &err), 0));
	cr_expect(eq(u64, specification.at_most, 1000 + 250 + 4096));
}

/* Mappings that merge make no map: any number of them costs nothing. */
Test(specify, what_costs_no_memory_is_not_refused)
{
	struct host_view host = host_of_8_gib();
	struct specification specification;
	struct err err = {0};

	cr_expect(eq(int, specify_with("ulimit-v", "limit=100T", &host, 0, &specification, &err), 0), "%s", err.text);
}
