/* The journal's text: what a restoration reads of it, whole, cut off or damaged. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/journal.h"

static const char text[] = "enomem 1 11111111-2222-3333-4444-555555555555\n"
			   "sysctl vm/max_map_count 65530 1024\n"
			   "sysctl vm/overcommit_ratio 50 0\n"
			   "group /sys/fs/cgroup/memory/enomem-12-0\n"
			   "sysctl vm/max_map_count 1024 1031\n"
			   "swap /var/lib/enomem/enomem-swap-12\n"
			   "group /sys/fs/cgroup/pids/enomem-12-0\n"
			   "sysctl vm/overcommit_memory 0 2";

Test(journal, boot)
{
	cr_expect(journal_is_of_boot(text, "11111111-2222-3333-4444-555555555555"));
	cr_expect(journal_is_of_boot(text, "11111111-2222-3333-4444-555555555556") == false);
	cr_expect(journal_is_of_boot(text, "11111111") == false);
	cr_expect(journal_is_of_boot("", "") == false);
	cr_expect(journal_is_of_boot("enomem 2 1\n", "1") == false);
}

Test(journal, first_value_and_all_given_ones)
{
	char value[32] = "old";

	cr_expect(journal_before(text, "vm/max_map_count", value, sizeof(value)));
	cr_expect(eq(str, value, "65530"));
	cr_expect(journal_gave(text, "vm/max_map_count", "1024"));
	cr_expect(journal_gave(text, "vm/max_map_count", "1031"));
	cr_expect(journal_gave(text, "vm/max_map_count", "65530") == false);
	cr_expect(journal_gave(text, "vm/max_map_count", "102") == false);
	cr_expect(journal_gave(text, "vm/overcommit_ratio", "0"));
	cr_expect(journal_before(text, "vm/max_map", value, sizeof(value)) == false);
	/* Too long for who asks. */
	cr_expect(journal_before(text, "vm/max_map_count", value, 5) == false);
}

Test(journal, on_the_way_to_a_value)
{
	static const char pages[] = "enomem 1 x\nsysctl vm/nr_hugepages 2 10\n";

	cr_expect(journal_gave_beyond(pages, "vm/nr_hugepages", "2"));
	cr_expect(journal_gave_beyond(pages, "vm/nr_hugepages", "7"));
	cr_expect(journal_gave_beyond(pages, "vm/nr_hugepages", "10"));
	cr_expect(journal_gave_beyond(pages, "vm/nr_hugepages", "1") == false);
	cr_expect(journal_gave_beyond(pages, "vm/nr_hugepages", "11") == false);
	cr_expect(journal_gave_beyond(pages, "vm/max_map_count", "7") == false);
}

/* A line without its end was not on disk as a whole, so its change had not been made. */
Test(journal, a_last_line_that_is_cut_off_does_not_count)
{
	char value[32];

	cr_expect(journal_before(text, "vm/overcommit_memory", value, sizeof(value)) == false);
	cr_expect(journal_gave(text, "vm/overcommit_memory", "2") == false);
}

Test(journal, paths)
{
	char path[64];

	cr_expect(journal_path(text, "group", 0, path, sizeof(path)));
	cr_expect(eq(str, path, "/sys/fs/cgroup/memory/enomem-12-0"));
	cr_expect(journal_path(text, "group", 1, path, sizeof(path)));
	cr_expect(eq(str, path, "/sys/fs/cgroup/pids/enomem-12-0"));
	cr_expect(journal_path(text, "group", 2, path, sizeof(path)) == false);
	cr_expect(journal_path(text, "swap", 0, path, sizeof(path)));
	cr_expect(journal_path("swap\nswap \nswap a b\n", "swap", 0, path, sizeof(path)) == false);
}

Test(journal, what_is_noted_twice_is_written_once)
{
	struct journal journal = {.fd = -1, .text = calloc(1, JOURNAL_BYTES_MOST)};
	size_t length;

	cr_assert(journal.text != NULL);
	cr_expect(journal_sysctl(&journal, "vm/max_map_count", "65530", "1024") == 0);
	length = journal.length;
	cr_expect(journal_sysctl(&journal, "vm/max_map_count", "65530", "1024") == 0);
	cr_expect(journal.length == length);
	cr_expect(journal_sysctl(&journal, "vm/max_map_count", "65530", "1025") == 0);
	cr_expect(journal.length == 2 * length);
	cr_expect(eq(int, journal_sync(&journal), -EBADF));
	for (int i = 0; length; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/sys/fs/cgroup/memory/enomem-%06d", i);
		length = journal_group(&journal, path) == 0;
	}
	cr_expect(eq(int, journal_group(&journal, "/sys/fs/cgroup/memory/enomem-another"), -ENOSPC));
	cr_expect(journal.length < JOURNAL_BYTES_MOST && journal.text[journal.length] == '\0');
	journal_free(&journal);
	journal_free(&journal);
}
