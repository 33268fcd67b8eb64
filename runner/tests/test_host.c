/*
 * Facts of captured hosts (tests/hosts), the search for cgroups, and small files.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snapshot/cgroup.h"
#include "snapshot/host.h"
#include "snapshot/snapshot.h"
#include "support/file.h"

static int open_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	cr_assert(fd >= 0, "no %s", path);
	return fd;
}

static struct host_facts facts_of(const char *host)
{
	char path[512];
	struct host_facts facts;
	struct err err;

	snprintf(path, sizeof(path), "%s/%s", TEST_HOSTS_DIR, host);

	int root_fd = open_directory(path);

	cr_assert(host_read(root_fd, "self", false, &facts, &err) == 0, "%s", err.text);
	close(root_fd);
	return facts;
}

static void expect_limit(const struct host_facts *facts, unsigned at, int version, const char *path, const char *file,
			 uint64_t value)
{
	const struct cgroup_limit *limit = &facts->cgroup[at];

	cr_assert(at < facts->cgroup_count, "no limit %u", at);
	cr_expect(eq(int, limit->version, version), "limit %u", at);
	cr_expect(eq(str, (char *)limit->path, (char *)path), "limit %u", at);
	cr_expect(eq(str, (char *)limit->file, (char *)file), "limit %u", at);
	cr_expect(eq(u64, limit->value, value), "limit %u", at);
}

Test(host, with_cgroup_v1)
{
	struct host_facts facts = facts_of("v1-6.18");

	cr_expect(eq(str, facts.kernel, "6.18.44-fc-v669"));
	cr_expect(eq(str, facts.distribution, "Debian GNU/Linux 12 (bookworm)"));
	cr_expect(eq(u64, facts.cpus_present, 2));
	cr_expect(eq(u64, facts.page_bytes, 0));
	cr_expect(eq(str, facts.machine, ""));
	cr_expect(eq(uint, facts.cgroup_count, 9));
	cr_expect(not(facts.cgroup_cut));
	expect_limit(&facts, 0, 1, "/job/one", "memory.limit_in_bytes", UNLIMITED);
	expect_limit(&facts, 1, 1, "/job/one", "memory.memsw.limit_in_bytes", UNLIMITED);
	expect_limit(&facts, 5, 1, "/job", "memory.kmem.limit_in_bytes", UNLIMITED);
	expect_limit(&facts, 8, 1, "/", "memory.kmem.limit_in_bytes", UNLIMITED);
}

Test(host, with_cgroup_v2)
{
	struct host_facts facts = facts_of("v2-6.1");

	cr_expect(eq(str, facts.kernel, "6.1.0-18-amd64"));
	cr_expect(eq(u64, facts.cpus_present, 4));
	cr_expect(eq(uint, facts.cgroup_count, 12));
	expect_limit(&facts, 0, 2, "/enomem.slice/enomem-test.slice/run-u42.service", "memory.max", UNLIMITED);
	expect_limit(&facts, 3, 2, "/enomem.slice/enomem-test.slice/run-u42.service", "pids.max", 9421);
	expect_limit(&facts, 5, 2, "/enomem.slice/enomem-test.slice", "memory.high", 1610612736);
	expect_limit(&facts, 8, 2, "/enomem.slice", "memory.max", 2147483648);
	expect_limit(&facts, 10, 2, "/enomem.slice", "memory.swap.max", 0);
}

Test(host, with_hybrid_cgroups)
{
	struct host_facts facts = facts_of("hybrid-5.10");

	cr_expect(eq(str, facts.kernel, "5.10.0-28-amd64"));
	cr_expect(eq(str, facts.distribution, "Debian GNU/Linux 11 (bullseye)"), "from usr/lib");
	cr_expect(eq(u64, facts.cpus_present, 8));
	cr_expect(eq(uint, facts.cgroup_count, 8));
	expect_limit(&facts, 0, 1, "/system.slice/build@7.service", "memory.limit_in_bytes", 536870912);
	expect_limit(&facts, 1, 1, "/system.slice/build@7.service", "memory.kmem.limit_in_bytes", UNLIMITED);
	expect_limit(&facts, 2, 1, "/system.slice", "memory.limit_in_bytes", 8589934592);
	expect_limit(&facts, 4, 1, "/", "memory.limit_in_bytes", UNLIMITED);
	expect_limit(&facts, 6, 1, "/system.slice/build@7.service", "pids.max", 4915);
	expect_limit(&facts, 7, 1, "/system.slice", "pids.max", UNLIMITED);
}

Test(host, this_one)
{
	struct host_facts facts;
	struct err err;
	int root_fd = open_directory("/");

	cr_assert(host_read(root_fd, "self", true, &facts, &err) == 0, "%s", err.text);
	cr_expect(eq(u64, facts.page_bytes, (uint64_t)sysconf(_SC_PAGESIZE)));
	cr_expect(ne(str, facts.machine, ""));
	cr_expect(ne(str, facts.kernel, ""));
	close(root_fd);
}

Test(host, that_is_none)
{
	struct host_facts facts;
	struct err err = {0};
	int root_fd = open_directory(TEST_HOSTS_DIR);

	cr_expect(eq(int, host_read(root_fd, "self", false, &facts, &err), -ENOENT));
	cr_expect(eq(str, err.text, "cannot read /proc/sys/kernel/osrelease: No such file or directory"));
	close(root_fd);
}

Test(cpu_list, counts)
{
	static const char *const bad[] = {
		"",
		"\n",
		"a",
		"0-",
		"-3",
		"3-0",
		"0,",
		"0,0",
		"0-3,2",
		"0-3 ",
		"0-18446744073709551615",
		"99999999999999999999",
	};

	cr_expect(eq(u64, host_parse_cpu_list("0"), 1));
	cr_expect(eq(u64, host_parse_cpu_list("0-3,8\n"), 5));
	cr_expect(eq(u64, host_parse_cpu_list("1-1,3,5-6"), 4));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(eq(u64, host_parse_cpu_list(bad[i]), 0), "'%s'", bad[i]);
}

static struct cgroup_places places_of(const char *cgroup, const char *mountinfo)
{
	struct cgroup_places places;

	cgroup_parse(cgroup, strlen(cgroup), mountinfo, strlen(mountinfo), &places);
	return places;
}

Test(cgroup, mount_points_are_unescaped)
{
	struct cgroup_places places = places_of("0::/a:b\n", "1 2 0:3 / /mnt/a\\040b\\134c\\12 rw - cgroup2 none rw\n");
	struct cgroup_place *place = &places.tree[CGROUP_V2];

	cr_assert(place->mounted);
	cr_expect(eq(str, place->directory, "/mnt/a b\\c\\12/a:b"));
	cr_expect(eq(str, place->path, "/a:b"));
	cr_expect(cgroup_up(place));
	cr_expect(eq(str, place->directory, "/mnt/a b\\c\\12"));
	cr_expect(eq(str, place->path, "/"));
	cr_expect(not(cgroup_up(place)));
	cr_expect(not(places.tree[CGROUP_V1_PIDS].member));
}

Test(cgroup, the_mount_with_the_most_ancestors_is_used)
{
	struct cgroup_places places = places_of("4:pids,memory:/docker/one\n",
						"1 2 0:3 /docker/one /low rw,x - cgroup c rw,memory,pids\n"
						"1 2 0:3 /docker /high rw shared:2 master:1 - cgroup c rw,pids,memory\n"
						"1 2 0:3 /dock /other rw - cgroup c rw,pids,memory\n");
	struct cgroup_place *place = &places.tree[CGROUP_V1_MEMORY];

	cr_assert(place->mounted);
	cr_expect(eq(str, place->directory, "/high/one"));
	cr_expect(eq(str, places.tree[CGROUP_V1_PIDS].directory, "/high/one"));
	cr_expect(cgroup_up(place));
	cr_expect(eq(str, place->path, "/docker"));
	cr_expect(not(cgroup_up(place)), "the mount shows no more");
}

Test(cgroup, outside_the_namespace_nothing_is_found)
{
	struct cgroup_places places;

	cr_expect(not(places_of("0::/../x\n", "1 2 0:3 / /m rw - cgroup2 c rw\n").tree[CGROUP_V2].member));
	cr_expect(not(places_of("0::/\n", "1 2 0:3 /.. /m rw - cgroup2 c rw\n").tree[CGROUP_V2].mounted));
	cr_expect(places_of("0::/..x\n", "1 2 0:3 / /m rw - cgroup2 c rw").tree[CGROUP_V2].mounted);
	cr_expect(not(places_of("0::/\n", "1 2 0:3 / /m rw - cgroup2\n").tree[CGROUP_V2].mounted));
	places = places_of("2:memory:/\n", "1 2 0:3 / /m rw - cgroup c rw,memory2\n");
	cr_expect(places.tree[CGROUP_V1_MEMORY].member);
	cr_expect(not(places.tree[CGROUP_V1_MEMORY].mounted));
	cr_expect(not(places_of("0::relative\n", "").tree[CGROUP_V2].member));
}

Test(cgroup, long_paths_are_left_out)
{
	char cgroup[4096] = "0::/";

	memset(cgroup + 4, 'x', 1022);
	cr_expect(places_of(cgroup, "").tree[CGROUP_V2].member, "1023 bytes");
	cr_expect(not(places_of(cgroup, "1 2 0:3 / /m rw - cgroup2 c rw\n").tree[CGROUP_V2].mounted));
	cgroup[4 + 1022] = 'x';
	cr_expect(not(places_of(cgroup, "").tree[CGROUP_V2].member));
}

Test(cgroup, limits)
{
	uint64_t value = 0;

	cr_expect(cgroup_parse_limit("max\n", 2, &value) && value == UNLIMITED);
	cr_expect(cgroup_parse_limit("0\n", 2, &value) && value == 0);
	cr_expect(cgroup_parse_limit("4096", 1, &value) && value == 4096);
	cr_expect(cgroup_parse_limit("9223372036854771712\n", 1, &value) && value == UNLIMITED, "4 KiB pages");
	cr_expect(cgroup_parse_limit("9223372036854710272\n", 1, &value) && value == UNLIMITED, "64 KiB pages");
	cr_expect(cgroup_parse_limit("9223372036854710271\n", 1, &value) && value == UINT64_C(9223372036854710271));
	cr_expect(cgroup_parse_limit("9223372036854771712\n", 2, &value) && value == UINT64_C(9223372036854771712));
	cr_expect(not(cgroup_parse_limit("", 1, &value)));
	cr_expect(not(cgroup_parse_limit("-1\n", 1, &value)));
	cr_expect(not(cgroup_parse_limit("12 3\n", 2, &value)));
	cr_expect(not(cgroup_parse_limit("99999999999999999999\n", 2, &value)));
}
