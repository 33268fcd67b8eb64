#include "scenarios/lib/loop.h"

#include <stddef.h>
#include <time.h>

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

enum record_state loop_count(struct run *run)
{
	volatile uint64_t *accepted = &run->record->accepted;
	uint64_t at_most = run->record->at_most;
	uint64_t number = *accepted;
	enum record_state end = RECORD_DONE;

	run->record->started_ns = now_ns();
	for (; number < at_most; number++) {
		if (scenario.step(run, number) < 0) {
			end = RECORD_REFUSED;
			break;
		}
		/* Stored each time, so that a killed scenario still shows how far it came. */
		*accepted = number + 1;
	}
	run->record->refused_ns = now_ns();
	return end;
}

static int try_size(struct run *run, uint64_t pages)
{
	if (scenario.reset)
		scenario.reset(run);
	return scenario.step(run, pages);
}

/* Both return what is refused now, and note what is accepted each time: a killed scenario still shows how far it came. */
static uint64_t double_up(struct run *run, uint64_t *accepted, uint64_t refused)
{
	for (uint64_t size = 1; size < refused; size *= 2) {
		if (try_size(run, size) < 0)
			return size;
		run->record->accepted = *accepted = size;
	}
	return refused;
}

static uint64_t try_nearby(struct run *run, uint64_t *accepted, uint64_t refused)
{
	for (uint64_t step = 1; step <= 64 && *accepted + step < refused; step *= 2) {
		if (try_size(run, *accepted + step) < 0)
			refused = *accepted + step;
		else
			run->record->accepted = *accepted += step;
	}
	return refused;
}

/*
 * The largest accepted size in [accepted, refused), which the caller knows to be so at both ends.
 * At first it is doubled until it is refused, since a size far above costs some scenarios many requests. After a relief
 * it is a few pages above the old one or far away, so nearby is tried first. The model does as this does
 * (runner/model/predict.c).
 */
static uint64_t search(struct run *run, uint64_t accepted, uint64_t refused)
{
	/* Stored each time, so that a killed scenario still shows how far it came. */
	volatile uint64_t *noted = &run->record->accepted;

	if (accepted == 0)
		refused = double_up(run, &accepted, refused);
	else
		refused = try_nearby(run, &accepted, refused);
	while (refused - accepted > 1) {
		uint64_t middle = accepted + (refused - accepted) / 2;

		if (try_size(run, middle) == 0)
			*noted = accepted = middle;
		else
			refused = middle;
	}
	return accepted;
}

enum record_state loop_size(struct run *run)
{
	struct record *record = run->record;
	bool stands = false;

	record->started_ns = now_ns();
	if (try_size(run, record->at_most) == 0)
		record->accepted = record->at_most;
	/* Where a refusal is none any more when tried again, another process gave memory back meanwhile. */
	while (!stands && record->accepted < record->at_most) {
		record->accepted = search(run, record->accepted, record->at_most);
		stands = try_size(run, record->accepted + 1) < 0;
		record->accepted += !stands;
	}
	record->refused_ns = now_ns();
	return stands ? RECORD_REFUSED : RECORD_DONE;
}
