/*
 * Knobs, settings and configurations: every value there and back, the kernel's ranges, and the machine
 * as it would be.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#include "plan/configuration.h"

static void expect_value(const char *name, const char *text, const char *formatted)
{
	const struct knob *knob = knob_find(name);
	struct setting setting, again;
	struct err err = {0};
	char buffer[300];

	cr_assert(knob != NULL, "%s", name);
	cr_assert(setting_parse(knob, text, &setting, &err) == 0, "%s=%s: %s", name, text, err.text);
	cr_expect(eq(str, (char *)setting_format(&setting, buffer, sizeof(buffer)), (char *)formatted));
	cr_assert(setting_parse(knob, buffer, &again, &err) == 0, "%s=%s: %s", name, buffer, err.text);
	cr_expect(again.value == setting.value && again.hard == setting.hard && again.relative == setting.relative &&
		  again.has_hard == setting.has_hard && again.hard_relative == setting.hard_relative);
}

static void expect_refused(const char *name, const char *text)
{
	struct setting setting = {.value = 77};
	struct err err = {0};

	cr_expect(eq(int, setting_parse(knob_find(name), text, &setting, &err), -EINVAL), "%s=%s", name, text);
	cr_expect(strstr(err.text, name) == err.text && strstr(err.text, " takes "), "%s", err.text);
	cr_expect(eq(u64, setting.value, 77));
}

Test(setting, there_and_back)
{
	expect_value("vm.max_map_count", "1048576", "1048576");
	expect_value("vm.max_map_count", "256K", "262144");
	expect_value("vm.overcommit_memory", "2", "2");
	expect_value("rlimit.as", "4294967296", "4G");
	expect_value("rlimit.as", "4G:unlimited", "4G:unlimited");
	expect_value("rlimit.as", "unlimited", "unlimited");
	expect_value("rlimit.as", "+64M", "+64M");
	expect_value("rlimit.data", "+1M:+2M", "+1M:+2M");
	expect_value("rlimit.as", "0", "0");
	expect_value("rlimit.nproc", "1024", "1024");
	expect_value("cgroup.memory.max", "max", "unlimited");
	expect_value("cgroup.pids.max", "2048", "2048");
	expect_value("swap", "64M", "64M");
	expect_value("caps", "cap_sys_admin", "cap_sys_admin");
	expect_value("caps", "cap_sys_admin+cap_ipc_lock", "cap_ipc_lock+cap_sys_admin");
	expect_value("caps", "none", "none");
	expect_value("uid", "1000", "1000");
	expect_value("guest.memory", "512M", "512M");
	expect_value("guest.cmdline", "numa=off quiet", "numa=off quiet");
}

Test(setting, what_is_refused)
{
	expect_refused("vm.max_map_count", "-1");
	expect_refused("vm.max_map_count", "");
	expect_refused("vm.max_map_count", "unlimited");
	expect_refused("vm.max_map_count", "99999999999999999999999");
	expect_refused("rlimit.as", "4G:2G");
	expect_refused("rlimit.as", "4G:");
	expect_refused("rlimit.as", ":4G");
	expect_refused("rlimit.as", "+1G:2G");
	expect_refused("rlimit.stack", "+1M");
	expect_refused("rlimit.nproc", "+1");
	expect_refused("swap", "unlimited");
	expect_refused("swap", "4096");
	expect_refused("caps", "");
	expect_refused("caps", "cap_sys_admin+nothing");
}

/* Of every knob the ends of its range are taken, and one beyond them is not. */
Test(knob, ranges)
{
	for (int id = 0; id < KNOBS; id++) {
		const struct knob *knob = knob_of((enum knob_id)id);
		struct setting setting;
		struct err err = {0};
		char text[32];

		cr_expect(knob->id == (enum knob_id)id && knob_find(knob->name) == knob, "%d", id);
		cr_expect(knob->environments && *knob->moves && *knob->put_back, "%s", knob->name);
		if (knob->kind == KNOB_CAPABILITIES || knob->kind == KNOB_TEXT)
			continue;
		snprintf(text, sizeof(text), "%llu", (unsigned long long)knob->most);
		cr_expect(setting_parse(knob, text, &setting, &err) == 0, "%s", err.text);
		snprintf(text, sizeof(text), "%llu", (unsigned long long)knob->most + 1);
		cr_expect(setting_parse(knob, text, &setting, &err) == -EINVAL, "%s", knob->name);
		snprintf(text, sizeof(text), "%llu", (unsigned long long)knob->least);
		cr_expect(setting_parse(knob, text, &setting, &err) == 0, "%s", err.text);
		if (knob->least == 0)
			continue;
		snprintf(text, sizeof(text), "%llu", (unsigned long long)knob->least - 1);
		cr_expect(setting_parse(knob, text, &setting, &err) == -EINVAL, "%s", knob->name);
	}
	cr_expect(knob_find("vm/max_map_count") == knob_of(KNOB_MAX_MAP_COUNT));
	cr_expect(knob_find("vm.max_map") == NULL);
	/* The limits can be counted through as enum limit_name does. */
	for (int limit = 0; limit < LIMIT_COUNT; limit++)
		cr_expect(eq(str, (char *)knob_of((enum knob_id)(KNOB_LIMIT_AS + limit))->name + strlen("rlimit."),
			     (char *)limit_word((enum limit_name)limit)));
}

static struct configuration configuration_of(const char *words)
{
	struct configuration configuration = {.name = "test"};
	char copy[256], *position = NULL;
	struct err err = {0};

	strncpy(copy, words, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	for (char *word = strtok_r(copy, " ", &position); word; word = strtok_r(NULL, " ", &position))
		cr_assert(configuration_parse_word(&configuration, word, &err) == 0, "%s", err.text);
	return configuration;
}

Test(configuration, settings_in_order_and_once)
{
	struct configuration configuration =
		configuration_of("uid=5 vm.overcommit_ratio=50 vm.max_map_count=1 uid=6 rlimit.as=1G");
	char text[200];

	cr_expect(eq(str, (char *)configuration_format(&configuration, text, sizeof(text)),
		     "vm.max_map_count 1, vm.overcommit_ratio 50, rlimit.as 1G, uid 6"));
	configuration_drop(&configuration, KNOB_OVERCOMMIT_RATIO);
	configuration_drop(&configuration, KNOB_SWAP);
	cr_expect(eq(str, (char *)configuration_format(&configuration, text, sizeof(text)),
		     "vm.max_map_count 1, rlimit.as 1G, uid 6"));
}

Test(configuration, what_changes_the_machine)
{
	struct configuration process = configuration_of("rlimit.as=1G uid=5 caps=cap_sys_admin kernel.shmmax=4096");
	struct configuration small = configuration_of("vm.max_map_count=1024 rlimit.as=1G");
	struct configuration same = configuration_of("vm.max_map_count=1024 rlimit.as=2G");
	struct configuration more = configuration_of("vm.max_map_count=1024 swap=16M");

	cr_expect(configuration_changes_machine(&process) == false);
	cr_expect(configuration_changes_machine(&small));
	cr_expect(configuration_same_machine(&small, &same));
	cr_expect(configuration_same_machine(&small, &more) == false);
	cr_expect(configuration_same_machine(&more, &small) == false);
	cr_expect(configuration_same_machine(&small, &process) == false);
	cr_expect(configuration_unsettable(&process, ENVIRONMENT_HOST) == NULL);
	cr_expect(eq(str, (char *)configuration_unsettable(&process, ENVIRONMENT_NS)->knob->name, "caps"));
	cr_expect(eq(str, (char *)configuration_unsettable(&same, ENVIRONMENT_NS)->knob->name, "vm.max_map_count"));
}

/* Numbers of a host with 24 GiB: MemTotal 24684092 kB, read with each setting in force (6.18). */
static struct machine_snapshot machine(void)
{
	return (struct machine_snapshot){.mem_total_kib = 24684092,
					 .swap_total_kib = 0,
					 .hugetlb_kib = 0,
					 .commit_limit_kib = 12342044,
					 .max_map_count = 65530,
					 .overcommit_ratio = 50};
}

static void expect_limit(const char *words, uint64_t ratio, uint64_t kbytes, uint64_t swap_kib, uint64_t limit_kib)
{
	struct configuration configuration = configuration_of(words);
	struct machine_snapshot then = machine();

	configuration_imagine(&configuration, 4096, &then);
	cr_expect(eq(u64, then.overcommit_ratio, ratio), "%s", words);
	cr_expect(eq(u64, then.overcommit_kbytes, kbytes), "%s", words);
	cr_expect(eq(u64, then.swap_total_kib, swap_kib), "%s", words);
	cr_expect(eq(u64, then.commit_limit_kib, limit_kib), "%s", words);
}

Test(configuration, the_machine_as_it_would_be)
{
	struct configuration maps = configuration_of("vm.max_map_count=1024 vm.overcommit_memory=2");
	struct machine_snapshot then = machine();

	configuration_imagine(&maps, 4096, &then);
	cr_expect(then.max_map_count == 1024 && then.overcommit_memory == 2 && then.mem_total_kib == 24684092);
	expect_limit("vm.max_map_count=1024", 50, 0, 0, 12342044);
	expect_limit("vm.overcommit_ratio=80", 80, 0, 0, 19747272);
	expect_limit("vm.overcommit_kbytes=8388608", 0, 8388608, 0, 8388608);
	/* Rounded down to pages, as the kernel does; the first page of a swap file is its header. */
	expect_limit("vm.overcommit_kbytes=4099", 0, 4099, 0, 4096);
	expect_limit("swap=64M", 50, 0, 65532, 12342044 + 65532);
}
