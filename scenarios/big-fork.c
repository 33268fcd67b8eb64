/*
 * The largest parent that can still fork. A child gets the right to write to everything its parent
 * may write, so fork charges every writable private VMA again.
 *
 *   size n, 3 areas   [ rw n/3 ][ - ][ rw n/3 ][ - ][ rw n/3 ][ - ]
 *
 * An area larger than RAM and swap is refused in one piece in mode 0 but not in parts, and the
 * parts merge into one VMA. Nothing is touched.
 */
#include <sys/mman.h>

#include "scenarios/lib/calls.h"

static struct {
	uintptr_t start;
	size_t bytes;
} reservation;

static void reset(struct run *run)
{
	if (reservation.bytes)
		call_munmap(run, reservation.start, reservation.bytes);
	reservation.bytes = 0;
}

/* Makes the area writable, in halves of halves where a piece is refused for its size alone. */
static int make_writable(struct run *run, uintptr_t address, uint64_t pages)
{
	uint64_t piece = pages;

	while (pages > 0) {
		int status = call_mprotect(run, address, (size_t)(piece * run->page_bytes), PROT_READ | PROT_WRITE);

		if (status < 0 && piece == 1)
			return status;
		if (status < 0) {
			piece /= 2;
			continue;
		}
		address += piece * run->page_bytes;
		pages -= piece;
		piece = pages < piece ? pages : piece;
	}
	return 0;
}

static int step(struct run *run, uint64_t pages)
{
	uint64_t areas = parameter_number("vmas");
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | (run->exempt ? MAP_NORESERVE : 0);
	size_t bytes = (size_t)((pages + areas) * run->page_bytes);
	uintptr_t address;
	int status = call_mmap(run, bytes, PROT_NONE, flags, &address);

	if (status < 0)
		return status;
	reservation.start = address;
	reservation.bytes = bytes;
	for (uint64_t i = 0; i < areas && status == 0; i++) {
		uint64_t share = pages / areas + (i < pages % areas);

		status = make_writable(run, address, share);
		address += (share + 1) * run->page_bytes;
	}
	return status < 0 ? status : call_fork(run);
}

const struct scenario scenario = {
	.summary = "the largest parent that can still fork",
	.lesson = "fork copies no memory, but promises the child all that the parent may write, VMA by VMA. With "
		  "vm.overcommit_memory=0 it is refused when one single VMA is larger than RAM and swap, while two "
		  "smaller ones of twice the size are not. With 2 the whole parent is charged once more, so a process "
		  "that uses half of the limit cannot fork. vfork and posix_spawn borrow the parent's memory instead "
		  "and are never refused for its size.",
	.fix = "start programs with posix_spawn or vfork instead of fork, or mark large areas MADV_DONTFORK",
	.shape = SHAPE_SIZE,
	.can_exempt = true,
	.parameters =
		{
			{.name = "vmas",
			 .kind = PARAMETER_NUMBER,
			 .standard = "1",
			 .least = 1,
			 .most = 4096,
			 .summary = "number of VMAs over which the parent's size is spread"},
		},
	.operation =
		{
			"mmap pages=$size plus=$vmas protection=none",
			"mprotect pages=$size areas=$vmas from=none to=write pieces=yes",
			"fork",
		},
	.fix_name = "vfork",
	.reset = reset,
	.step = step,
	.try_fix = call_vfork,
};
