/*
 * areas_parse() on small texts: gaps, guards, and what is no list of VMAs.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "snapshot/snapshot.h"

#define PAGE UINT64_C(4096)

static struct areas parse(const char *text, uint64_t mmap_min_addr)
{
	struct areas areas;

	areas_parse(text, strlen(text), PAGE, mmap_min_addr, &areas);
	return areas;
}

Test(areas, the_first_gap_starts_at_an_aligned_address)
{
	static const char text[] = "00100000-00101000 r--p 00000000 00:00 0 \n";

	cr_expect(eq(u64, parse(text, 65536).largest_gap_pages, 0xf0));
	cr_expect(eq(u64, parse(text, 65537).largest_gap_pages, 0xef));
	cr_expect(eq(u64, parse(text, 0).largest_gap_pages, 0xff), "never the page at 0");
	cr_expect(eq(u64, parse(text, UNKNOWN).largest_gap_pages, 0xff));
	cr_expect(eq(u64, parse(text, 0x200000).largest_gap_pages, 0));
	cr_expect(eq(u64, parse(text, 0).accounted_pages, 0));
}

/* Near the top of 47 bits: lower down, areas take the layout for that of `ulimit -s unlimited`. */
Test(areas, a_stack_keeps_its_guard)
{
	static const char named[] = "7fff00001000-7fff00002000 rw-p 0 00:00 0 \n"
				    "7fff00200000-7fff00201000 rw-p 0 00:00 0     [stack]\n";
	static const char flagged[] = "7fff00001000-7fff00002000 rw-p 0 00:00 0 \nVmFlags: rd wr\n"
				      "7fff00200000-7fff00201000 rw-p 0 00:00 0 \nVmFlags: rd wr gd ac\n";
	static const char close_by[] = "7fff00001000-7fff00002000 rw-p 0 00:00 0 \n"
				       "7fff00100000-7fff00101000 rw-p 0 00:00 0     [stack]\n";
	static const uint64_t below = 0x7fff00001000; /* no gap before the first area */

	cr_expect(eq(u64, parse(named, below).largest_gap_pages, 0x1fe - 256));
	cr_expect(eq(u64, parse(flagged, below).largest_gap_pages, 0x1fe - 256));
	cr_expect(eq(u64, parse(flagged, below).accounted_pages, 1));
	cr_expect(eq(u64, parse(close_by, below).largest_gap_pages, 0), "254 pages are all guard");
	cr_expect(eq(u64, parse(close_by, below).accounted_pages, 2));
}

/*
 * `ulimit -s unlimited`: TASK_SIZE 0x7ffffffff000, so that mmap_base is at most 0x155555556000 and
 * mmap_legacy_base at least 0x2aaaaaaab000 (arch/x86/mm/mmap.c), both moved by the same random offset.
 */
Test(areas, with_an_unlimited_stack_a_second_search_starts_higher)
{
	static const char text[] = "155555500000-155555501000 rw-p 0 00:00 0 \n"
				   "7ffffff00000-7ffffff21000 rw-p 0 00:00 0     [stack]\n";
	uint64_t offset = UINT64_C(0x155555556000) - UINT64_C(0x155555501000);
	uint64_t start = UINT64_C(0x2aaaaaaab000) + offset;

	cr_expect(eq(u64, parse(text, UINT64_C(0x155555500000)).largest_gap_pages,
		     (UINT64_C(0x7ffffff00000) - start) / PAGE - 256));
}

Test(areas, vsyscall_bounds_no_gap)
{
	static const char text[] = "1000-5000 rw-p 0 00:00 0 \nVmFlags: rd wr ac dc\n"
				   "ffffffffff600000-ffffffffff601000 --xp 0 00:00 0    [vsyscall]\nVmFlags: ex ac\n";
	struct areas areas = parse(text, PAGE);

	cr_expect(areas.known);
	cr_expect(eq(u64, areas.largest_gap_pages, 0));
	cr_expect(eq(u64, areas.accounted_pages, 0), "fork does not copy it");
}

Test(areas, long_names_do_not_matter)
{
	char text[10000] = "1000-3000 rw-p 0 00:00 0 /";

	memset(text + strlen(text), 'x', 9000);
	strcat(text, " [stack]\n4000-5000 rw-p 0 00:00 0");

	struct areas areas = parse(text, PAGE);

	cr_expect(areas.known);
	cr_expect(eq(u64, areas.accounted_pages, 3));
	cr_expect(eq(u64, areas.largest_accounted_pages, 2));
	cr_expect(eq(u64, areas.largest_gap_pages, 1));
}

Test(areas, other_texts_are_unknown)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"Size: 4 kB\nVmFlags: ac\n",
		"1000-1000 rw-p 0 0:0 0\n",
		"2000-1000 rw-p 0 0:0 0\n",
		"1000-3000 rw-p 0 0:0 0\n2000-4000 rw-p 0 0:0 0\n",
		"1000-10000000000000000 rw-p 0 0:0 0\n",
		"1000-2000\n",
		"1000-2000 rw-pp 0 0:0 0\n",
		"1000-2000 rw-p 0 0:0 0\n1-\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct areas areas = parse(texts[i], PAGE);

		cr_expect(not(areas.known), "text %zu", i);
		cr_expect(eq(u64, areas.largest_gap_pages, UNKNOWN), "text %zu", i);
	}
}

Test(areas, the_whole_address_space)
{
	struct areas areas = parse("0-ffffffffffffffff rw-p 0 0:0 0\n", PAGE);

	cr_expect(areas.known);
	cr_expect(eq(u64, areas.accounted_pages, UINT64_MAX / PAGE));
	areas_parse("1-2 rw-p 0 0:0 0\n", 17, 0, 0, &areas);
	cr_expect(not(areas.known), "no page size");
}
