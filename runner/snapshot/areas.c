#include "snapshot/areas.h"

#include <string.h>

#include "snapshot/layout_x86.h"

#define STACK_GUARD_PAGES 256

static uint64_t align_up(uint64_t address, uint64_t page_bytes)
{
	uint64_t beyond = address % page_bytes;
	uint64_t ret;

	if (beyond == 0)
		return address;
	return __builtin_add_overflow(address, page_bytes - beyond, &ret) ? UINT64_MAX : ret;
}

void areas_scan_start(struct areas_scan *scan, uint64_t page_bytes, uint64_t mmap_min_addr)
{
	memset(scan, 0, sizeof(*scan));
	scan->page_bytes = page_bytes;
	scan->broken = page_bytes == 0;
	if (scan->broken)
		return;
	if (mmap_min_addr >= UNKNOWN)
		mmap_min_addr = 0;
	/* The search for a hole never starts below the first page, whatever the sysctl says. */
	scan->gap_start = mmap_min_addr > page_bytes ? align_up(mmap_min_addr, page_bytes) : page_bytes;
}

static void raise_to(uint64_t *most, uint64_t value)
{
	if (value > *most)
		*most = value;
}

static void add_gap(struct areas_scan *scan, const struct areas_current *area)
{
	uint64_t gap_start = scan->gap_start;

	if (area->grows_down)
		gap_start = x86_hole_below_stack(gap_start, area->end, scan->page_bytes);
	if (area->start <= gap_start)
		return;

	uint64_t pages = (area->start - gap_start) / scan->page_bytes;
	uint64_t guard = area->grows_down ? STACK_GUARD_PAGES : 0;

	pages = pages > guard ? pages - guard : 0;
	if (pages <= scan->sums.largest_gap_pages)
		return;
	scan->sums.largest_gap_pages = pages;
	scan->sums.below_gap_count = scan->sums.accounted_count;
}

static void close_area(struct areas_scan *scan)
{
	struct areas_current area = scan->current;
	uint64_t pages;

	if (!area.open || scan->broken)
		return;
	scan->current.open = false;
	if (area.start < scan->previous_end || area.end <= area.start) {
		scan->broken = true;
		return;
	}
	add_gap(scan, &area);
	scan->previous_end = area.end;
	raise_to(&scan->gap_start, area.end);
	scan->sums.known = true;
	if (!area.accounted || area.dont_copy)
		return;
	/* Cannot overflow: the areas are disjoint. */
	pages = (area.end - area.start) / scan->page_bytes;
	scan->sums.accounted_pages += pages;
	if (scan->sums.accounted_count < AREAS_ACCOUNTED_MOST)
		scan->sums.accounted[scan->sums.accounted_count] = pages;
	scan->sums.accounted_count++;
	raise_to(&scan->sums.largest_accounted_pages, pages);
}

/* "VmFlags: rd wr mr mw me ac": settles what the permissions could only suggest. */
static void read_flags(struct areas_current *area, struct text flags)
{
	struct text word;

	area->accounted = false;
	while (text_word(&flags, &word)) {
		area->accounted |= text_equals(word, "ac");
		area->dont_copy |= text_equals(word, "dc");
		area->grows_down |= text_equals(word, "gd");
	}
}

/* "START-END PERMISSIONS OFFSET DEVICE INODE   NAME" */
static void read_header(struct areas_scan *scan, struct text line)
{
	struct areas_current area = {.open = true};
	struct text permissions, skipped;

	close_area(scan);
	if (!text_hex(&line, &area.start) || !text_prefix(&line, "-") || !text_hex(&line, &area.end) ||
	    !text_word(&line, &permissions) || permissions.left != 4) {
		scan->broken = true;
		return;
	}
	area.accounted = permissions.at[1] == 'w' && permissions.at[3] == 'p';
	for (int field = 0; field < 3; field++)
		text_word(&line, &skipped);
	while (text_prefix(&line, " "))
		continue;
	/* The gate VMA is in no mm, and above every address that mmap could give. */
	if (text_equals(line, "[vsyscall]"))
		return;
	area.grows_down = text_equals(line, "[stack]");
	scan->current = area;
}

/* Keys of smaps start with a capital and have a colon; a header starts with digits and a dash. */
static bool is_header(struct text line)
{
	size_t digits = 0;

	while (digits < line.left && strchr("0123456789abcdef", line.at[digits]) && line.at[digits] != '\0')
		digits++;
	return digits > 0 && digits < line.left && line.at[digits] == '-';
}

static void take_line(void *context, struct text line)
{
	struct areas_scan *scan = context;

	if (is_header(line))
		read_header(scan, line);
	else if (scan->current.open && text_prefix(&line, "VmFlags:"))
		read_flags(&scan->current, line);
}

void areas_scan_add(void *context, const char *text, size_t length)
{
	struct areas_scan *scan = context;

	text_lines_add(&scan->lines, (struct text){text, length}, take_line, scan);
}

void areas_scan_end(struct areas_scan *scan, struct areas *ret)
{
	text_lines_end(&scan->lines, take_line, scan);
	close_area(scan);
	if (scan->sums.known && !scan->broken)
		*ret = scan->sums;
	else
		*ret = (struct areas){false, UNKNOWN, UNKNOWN, UNKNOWN, {0}, 0, 0};
}

void areas_parse(const char *text, size_t length, uint64_t page_bytes, uint64_t mmap_min_addr, struct areas *ret)
{
	struct areas_scan scan;

	areas_scan_start(&scan, page_bytes, mmap_min_addr);
	areas_scan_add(&scan, text, length);
	areas_scan_end(&scan, ret);
}
