/*
 * Memory committed in a reserved range with MAP_FIXED, as large as the kernel allows, and what is
 * left of the reservation when it does not.
 *
 *   reserve        [ ---------- ]
 *   commit         [ rw ....... ]
 *   refused        [            ]   up to 6.11: a hole
 *                  [ ---------- ]   from 6.12 on: kept
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenarios/lib/calls.h"

static struct {
	uintptr_t start;
	size_t bytes; /* 0: it was not even reserved */
} reservation;

static void reset(struct run *run)
{
	if (reservation.bytes)
		call_munmap(run, reservation.start, reservation.bytes);
	reservation.bytes = 0;
}

static int step(struct run *run, uint64_t pages)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | (run->exempt ? MAP_NORESERVE : 0);
	size_t bytes = (size_t)(pages * run->page_bytes);
	int status = call_mmap(run, bytes, PROT_NONE, flags, &reservation.start);

	if (status < 0)
		return status;
	reservation.bytes = bytes;
	return call_mmap_over(run, reservation.start, bytes, PROT_READ | PROT_WRITE, flags);
}

/* msync is refused where something is not mapped, and does nothing to anonymous memory. */
static enum record_left left(struct run *run)
{
	(void)run;
	if (reservation.bytes == 0)
		return LEFT_NOT_TRIED;
	if (syscall(SYS_msync, reservation.start, reservation.bytes, MS_ASYNC) == 0)
		return LEFT_AS_IT_WAS;
	return errno == ENOMEM ? LEFT_A_HOLE : LEFT_NOT_TRIED;
}

const struct scenario scenario = {
	.summary = "the largest MAP_FIXED mapping over a reservation, and what a refused one leaves of it",
	.lesson =
		"Runtimes reserve a range of addresses with PROT_NONE and later commit it by mapping writable memory "
		"over it with MAP_FIXED. The commit may be refused like any writable mapping: in mode 0 when it is "
		"larger than RAM and swap, in mode 2 at the commit limit. Up to 6.11 the kernel unmaps what was there "
		"before it asks for the charge, so the refused call has destroyed the reservation: a hole is left, "
		"into which the next mmap of anybody, another thread's or a library's, may be placed, and what the "
		"program later maps over its range lands on that. From 6.12 on the old mapping is put back. A refusal "
		"by a check that comes before (the map count) leaves it in all versions. Neither RLIMIT_DATA nor "
		"RLIMIT_AS counts pages that are mapped over.",
	.fix = "commit with mprotect instead of MAP_FIXED, which changes nothing when it is refused; before 6.12 take "
	       "the "
	       "range as lost when MAP_FIXED fails, and reserve again with MAP_FIXED_NOREPLACE",
	.shape = SHAPE_SIZE,
	.can_exempt = true,
	.operation = {"mmap pages=$size protection=none", "mmap pages=$size protection=write over=yes"},
	.reset = reset,
	.step = step,
	.left = left,
};
