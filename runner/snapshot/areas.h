/*
 * Sums over the VMAs of a process, from pieces of /proc/PID/smaps or /proc/PID/maps as they are
 * read, in constant memory: what areas_parse() does for a text that is there as a whole.
 */
#ifndef ENOMEM_SNAPSHOT_AREAS_H
#define ENOMEM_SNAPSHOT_AREAS_H

#include "snapshot/snapshot.h"
#include "snapshot/text.h"

/* The VMA whose lines are being read: what it is, is known only when the next one starts. */
struct areas_current {
	bool open;
	uint64_t start;
	uint64_t end;
	bool accounted; /* so far */
	bool dont_copy;
	bool grows_down;
};

struct areas_scan {
	uint64_t page_bytes;
	uint64_t gap_start;    /* end of the last VMA, or the lowest address for mmap */
	uint64_t previous_end; /* of the last VMA */
	bool broken;           /* the text is none of the kernel's */
	struct areas_current current;
	struct areas sums;
	struct text_lines lines;
};

void areas_scan_start(struct areas_scan *scan, uint64_t page_bytes, uint64_t mmap_min_addr);

/* A file_piece_fn: `context` is the struct areas_scan. */
void areas_scan_add(void *context, const char *text, size_t length);

/* `ret->known` says whether there was a VMA at all, and nothing but VMAs in order. */
void areas_scan_end(struct areas_scan *scan, struct areas *ret);

#endif
