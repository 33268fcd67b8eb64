/*
 * Cells captured in guests with other kernels (guests/README.md): the model, the same for all, must
 * say of each what that kernel did.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/fixtures.h"

/* Fewer lines than this, and a capture was lost. */
#define CELLS_LEAST 10

static void expect_exact(const struct fixture *fixture, const char *name)
{
	bool initial_userns = true; /* guests need no user namespace */
	struct verdict verdict = verdict_of(fixture->cell, &fixture->specification, &fixture->observation,
					    &fixture->host, initial_userns);

	cr_expect(verdict.word == VERDICT_EXACT, "%s: %s: %s", name, verdict_word(verdict.word), verdict.reason);
	cr_expect(verdict.difference == 0 && !verdict.disturbed, "%s: %s", name, verdict.reason);
	/* Nothing else ran in the guest: all that moved is what the model knows for our own. */
	cr_expect(verdict.disturbance_pages == 0, "%s: %llu pages", name,
		  (unsigned long long)verdict.disturbance_pages);
	cr_expect(verdict.model == AGREES && verdict.push != DISAGREES, "%s", name);
	cr_expect(verdict.cause == verdict.prediction.check, "%s", name);
	/* A relief that cannot work on this kernel would prove nothing. */
	if (fixture->specification.reserve_commit_pages)
		cr_expect(fixture->observation.commit_keeps_pages ==
				  (kernel_version_parse(fixture->host.kernel) >= KERNEL(6, 5)),
			  "%s", name);
}

static void expect_kernel(const char *version)
{
	char path[512], name[600];
	char *line = NULL;
	size_t size = 0;
	unsigned cells = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/../guests/%s.jsonl", TEST_HOSTS_DIR, version);
	file = fopen(path, "r");
	cr_assert(file != NULL, "%s", path);
	while (getline(&line, &size, file) > 0) {
		json_t *json = json_loads(line, 0, NULL);
		struct fixture *fixture;

		cr_assert(json != NULL, "%s, line %u", path, cells + 1);
		snprintf(name, sizeof(name), "%s, line %u", path, ++cells);
		fixture = fixture_from_json(json, name);
		expect_exact(fixture, name);
		fixture_free(fixture);
	}
	free(line);
	fclose(file);
	cr_expect(cells >= CELLS_LEAST, "%s has %u cells", path, cells);
}

Test(guests, linux_5_10)
{
	expect_kernel("5.10");
}

Test(guests, linux_6_1)
{
	expect_kernel("6.1");
}

Test(guests, linux_6_12)
{
	expect_kernel("6.12");
}

Test(guests, linux_6_18)
{
	expect_kernel("6.18");
}

Test(guests, linux_6_19)
{
	expect_kernel("6.19");
}

Test(guests, linux_7_0)
{
	expect_kernel("7.0");
}

Test(guests, linux_7_1)
{
	expect_kernel("7.1");
}

Test(guests, linux_7_2)
{
	expect_kernel("7.2");
}

Test(guests, linux_7_3)
{
	expect_kernel("7.3");
}
