#include "scenarios/lib/relief.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

/* What is left of each reserve. One page or map of each always stays, so that trimming never removes a VMA. */
static struct {
	uintptr_t pages_start;
	uint64_t pages;
	uintptr_t maps_start;
	uint64_t maps;      /* VMAs in the row */
	uint64_t row_pages; /* pages in the row */
	uintptr_t commit_start;
	uint64_t commit_pages;
} left;

/* The row is r - r - ...; its i-th page. */
static int row_protection(uint64_t index)
{
	return index % 2 == 0 ? PROT_READ : PROT_NONE;
}

static uint64_t split_row(const struct run *run, uint64_t want)
{
	uint64_t split = 0;

	for (; split < want; split++) {
		void *page = (void *)(left.maps_start + split * run->page_bytes); // NOLINT(performance-no-int-to-ptr)

		/* Odd pages are PROT_NONE already: they become VMAs of their own when both sides are not. */
		if (row_protection(split) == PROT_READ && mprotect(page, (size_t)run->page_bytes, PROT_READ) == -1)
			break;
	}
	return split;
}

/* Lays out the whole reserve in one mapping, which starts as a fence and one VMA of PROT_NONE. */
static int lay_out(const struct run *run, uint64_t pages, uint64_t maps, uint64_t commit)
{
	size_t page_bytes = (size_t)run->page_bytes;
	size_t bytes = (size_t)((1 + pages + maps + commit) * page_bytes);
	void *start = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED)
		return -errno;
	if (madvise(start, bytes, MADV_DONTDUMP) == -1 || mprotect(start, page_bytes, PROT_READ) == -1) {
		munmap(start, bytes);
		return -errno;
	}
	left.pages_start = (uintptr_t)start + page_bytes;
	left.pages = pages;
	left.commit_start = left.pages_start + pages * page_bytes;
	left.maps_start = left.commit_start + commit * page_bytes;
	left.row_pages = maps;
	return 0;
}

/*
 * Whether a range lies in one VMA. Growing it where something follows is ENOMEM, but EFAULT when it
 * is more than one (5.10 to 7.2; an unchanged length would succeed over several).
 */
static bool is_one_vma(uintptr_t start, size_t bytes, size_t page_bytes)
{
	void *range = (void *)start; // NOLINT(performance-no-int-to-ptr)

	return mremap(range, bytes, bytes + page_bytes, 0) != MAP_FAILED || errno != EFAULT;
}

static int give_commit(const struct run *run, uint64_t pages)
{
	void *start = (void *)left.commit_start; // NOLINT(performance-no-int-to-ptr)
	size_t bytes = (size_t)(pages * run->page_bytes);
	bool keeps = run->record->commit_keeps_pages != 0;

	if (left.commit_pages == 0 || pages > left.commit_pages - 1)
		return -ENOSPC;
	if ((keeps ? mprotect(start, bytes, PROT_NONE) : munmap(start, bytes)) == -1)
		return -errno;
	left.commit_start += bytes;
	left.commit_pages -= pages;
	if (keeps)
		left.pages += pages;
	return 0;
}

/* Makes the committed reserve, and tries with its first page how it can be given back. */
static uint64_t reserve_commit(struct run *run, uint64_t pages)
{
	void *start = (void *)left.commit_start; // NOLINT(performance-no-int-to-ptr)

	if (mprotect(start, (size_t)(pages * run->page_bytes), PROT_READ | PROT_WRITE) == -1)
		return 0;
	left.commit_pages = pages;
	run->record->commit_keeps_pages = 1;
	give_commit(run, 1);
	if (!is_one_vma(left.pages_start, (size_t)(left.pages * run->page_bytes), (size_t)run->page_bytes)) {
		left.pages--; /* a VMA of its own: it stays as it is, and what follows is unmapped */
		run->record->commit_keeps_pages = 0;
	}
	return left.commit_pages - 1;
}

void relief_reserve(struct run *run)
{
	struct record *record = run->record;
	uint64_t pages = record->reserve_pages + 1;
	/* An even row ends in PROT_NONE, and begins with PROT_READ against what is before it. */
	uint64_t maps = record->reserve_maps ? (record->reserve_maps + 2) / 2 * 2 : 0;
	/* One page to try with, one that stays. */
	uint64_t commit = record->reserve_commit_pages ? record->reserve_commit_pages + 2 : 0;
	bool wanted = record->reserve_pages || maps || commit;

	record->reserve_pages = record->reserve_maps = record->reserve_commit_pages = 0;
	if (!wanted || lay_out(run, pages, maps, commit) < 0)
		return;
	record->reserve_pages = pages - 1;
	if (commit)
		record->reserve_commit_pages = reserve_commit(run, commit);
	left.maps = split_row(run, maps);
	record->reserve_maps = left.maps == maps && maps ? maps - 1 : 0;
}

static int give_pages(const struct run *run, uint64_t pages)
{
	if (pages > left.pages - 1)
		return -ENOSPC;
	if (munmap((void *)left.pages_start, (size_t)(pages * run->page_bytes)) ==
	    -1) // NOLINT(performance-no-int-to-ptr)
		return -errno;
	left.pages_start += pages * run->page_bytes;
	left.pages -= pages;
	return 0;
}

/* Makes the row's last VMA like the one before it, so that the two merge: one map less. */
static int give_map(const struct run *run)
{
	uint64_t page = left.maps - 1;
	uint64_t pages = left.row_pages - page;
	void *start = (void *)(left.maps_start + page * run->page_bytes); // NOLINT(performance-no-int-to-ptr)

	if (left.maps < 2)
		return -ENOSPC;
	if (mprotect(start, (size_t)(pages * run->page_bytes), row_protection(page - 1)) == -1)
		return -errno;
	left.maps--;
	return 0;
}

void relief_give(struct run *run)
{
	struct record *record = run->record;
	int status = 0;

	if (record->give_pages)
		status = give_pages(run, record->give_pages);
	for (uint64_t i = 0; i < record->give_maps && status == 0; i++)
		status = give_map(run);
	if (record->give_commit_pages && status == 0)
		status = give_commit(run, record->give_commit_pages);
	record->give_pages = record->give_maps = record->give_commit_pages = 0;
	record->relief_errno = (uint32_t)-status;
	run->exempt = record->exempt != 0;
}
