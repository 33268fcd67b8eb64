/*
 * The program around every scenario: describe it, or run it under an agent.
 * SCENARIO_NAME comes from the build: the name of the scenario's file.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "scenarios/lib/describe.h"
#include "scenarios/lib/loop.h"
#include "scenarios/lib/parameters.h"
#include "scenarios/lib/relief.h"

static struct record *attach(void)
{
	void *page = mmap(NULL, RECORD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, RECORD_FD, 0);
	struct record *record = page;

	if (page == MAP_FAILED || record->magic != RECORD_MAGIC)
		return NULL;
	return record;
}

/* Sleeps until the agent says go on; the agent's death kills us, so no deadline is needed. */
static void wait_for_order(struct record *record, enum record_state state)
{
	record_set_state(record, state);
	while (record_wait(record, state, 0) == state)
		;
}

static void try_fix(struct run *run)
{
	const struct record refusal = *run->record;

	if (!scenario.try_fix || run->record->fix_tried)
		return;
	run->record->fix_errno = (uint32_t)-scenario.try_fix(run);
	run->record->fix_tried = 1;
	/* A refused fix must not pass for the refusal that is being shown. */
	run->record->call = refusal.call;
	run->record->kernel_errno = refusal.kernel_errno;
	run->record->api_errno = refusal.api_errno;
	run->record->refused_pages = refusal.refused_pages;
	run->record->refused_address = refusal.refused_address;
}

static void obey(struct run *run)
{
	for (;;) {
		enum record_state end = scenario.shape == SHAPE_COUNT ? loop_count(run) : loop_size(run);

		if (end == RECORD_REFUSED && scenario.left)
			run->record->left = (uint32_t)scenario.left(run);
		if (end == RECORD_REFUSED)
			try_fix(run);
		wait_for_order(run->record, end);
		relief_give(run);
	}
}

static int run_scenario(char *const words[])
{
	struct run run = {.record = attach()};
	int status = 0;

	if (!run.record)
		return RECORD_EXIT_ATTACH;
	if (parameters_take(words) < 0)
		return RECORD_EXIT_USAGE;
	prctl(PR_SET_NAME, SCENARIO_NAME);
	run.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	run.record->page_bytes = run.page_bytes;
	relief_reserve(&run);
	if (scenario.prepare)
		status = scenario.prepare(&run);
	if (status < 0) {
		run.record->kernel_errno = (uint32_t)-status;
		wait_for_order(run.record, RECORD_FAILED);
		return 0;
	}
	wait_for_order(run.record, RECORD_READY);
	obey(&run);
	return 0;
}

int main(int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return describe(SCENARIO_NAME) == 0 ? 0 : 1;
	if (argc >= 2 && strcmp(argv[1], "--run") == 0)
		return run_scenario(argv + 2);
	fprintf(stderr, "%s is a scenario of enomem: run it with `enomem run %s`.\n", SCENARIO_NAME, SCENARIO_NAME);
	return 2;
}
