/* What runner and guest say to each other, and what a guest's machine is made from. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell/observation.h"
#include "guest/facts.h"
#include "guest/order.h"
#include "guest/qemu.h"
#include "guest/record.h"
#include "guest/shape.h"

static char *sealed(size_t *length)
{
	char *line =
		guest_record_seal(json_pack("{s:i, s:[i, i], s:s}", "index", 7, "list", 1, 2, "text", "a\"\n"), length);

	cr_assert(line != NULL && line[*length - 1] == '\n' && strlen(line) == *length);
	return line;
}

Test(record, there_and_back)
{
	size_t length;
	char *line = sealed(&length);
	json_t *record = guest_record_open(line, length - 1);

	cr_assert(record != NULL, "%s", line);
	cr_expect(json_integer_value(json_object_get(record, "index")) == 7);
	cr_expect(eq(str, (char *)json_string_value(json_object_get(record, "text")), "a\"\n"));
	json_decref(record);
	free(line);
}

/* zlib's and everybody's CRC-32 of "123456789" is cbf43926: another implementation reads these lines, too. */
Test(record, checksum_is_the_common_one)
{
	const char line[] = "{\"crc32\":\"161aa607\",\"end\":true}";
	json_t *record = guest_record_open(line, strlen(line));
	size_t length;
	char *same = guest_record_seal(json_pack("{s:b}", "end", 1), &length);

	cr_expect(record != NULL);
	cr_expect(strncmp(same, line, strlen(line)) == 0, "%s", same);
	json_decref(record);
	free(same);
}

/* One wrong bit anywhere, a lost byte, or a cut line: never a record. */
Test(record, damage_is_seen)
{
	size_t length;
	char *line = sealed(&length);

	length--;
	for (size_t i = 0; i < length; i++) {
		for (int bit = 0; bit < 8; bit++) {
			line[i] = (char)(line[i] ^ 1 << bit);
			cr_expect(guest_record_open(line, length) == NULL, "bit %d of byte %zu", bit, i);
			line[i] = (char)(line[i] ^ 1 << bit);
		}
		cr_expect(guest_record_open(line, i) == NULL, "cut to %zu", i);
	}
	free(line);
}

static struct configuration configuration_of(const char *const *words)
{
	struct configuration configuration = {.name = "test"};
	struct err err = {0};

	for (; *words; words++)
		cr_assert(configuration_parse_word(&configuration, *words, &err) == 0, "%s", err.text);
	return configuration;
}

Test(order, there_and_back)
{
	static const char *const words[] = {"vm.max_map_count=1024", "rlimit.as=+64M:unlimited", "caps=cap_sys_admin",
					    "guest.cmdline=numa=off quiet", NULL};
	struct configuration configuration = configuration_of(words);
	struct specification specification = {.scenario = "many-mmaps", .at_most = 5, .timeout_ms = 1000};
	struct guest_order order;
	struct err err = {0};
	json_t *json = guest_order_to_json(12, 3, &configuration, &specification);

	cr_assert(guest_order_from_json(json, &order, &err) == 0, "%s", err.text);
	cr_expect(order.index == 12 && order.cpu == 3 && order.specification.at_most == 5);
	cr_expect(eq(u32, order.configuration.count, configuration.count));
	for (unsigned i = 0; i < configuration.count; i++) {
		char sent[300], got[300];

		setting_format(&configuration.settings[i], sent, sizeof(sent));
		setting_format(&order.configuration.settings[i], got, sizeof(got));
		cr_expect(eq(str, got, sent));
	}
	json_object_set_new(json_object_get(json, "settings"), "vm.nonsense", json_string("1"));
	cr_expect(guest_order_from_json(json, &order, &err) == -EINVAL && strstr(err.text, "vm.nonsense"));
	json_decref(json);
}

static struct guest_facts some_facts(void)
{
	struct guest_facts facts = {.host = {.kernel = "7.2.13+deb14-cloud-amd64",
					     .machine = "x86_64",
					     .page_bytes = 4096,
					     .cpus_present = 2},
				    .isolation = {.uid = 65534, .gid = 65534, .drops_uid = true, .own_proc = true},
				    .cpus = 2,
				    .numa_nodes = 1,
				    .problem = "no swap"};

	facts.snapshot.machine.mem_total_kib = 1000000;
	facts.snapshot.machine.max_map_count = 65530;
	return facts;
}

Test(facts, there_and_back)
{
	struct guest_facts sent = some_facts(), got;
	struct err err = {0};
	json_t *json = guest_facts_to_json(&sent);

	cr_assert(guest_facts_from_json(json, &got, &err) == 0, "%s", err.text);
	cr_expect(eq(str, got.host.kernel, sent.host.kernel));
	cr_expect(eq(str, got.problem, "no swap"));
	cr_expect(got.cpus == 2 && got.numa_nodes == 1 && got.isolation.uid == 65534 && got.isolation.drops_uid);
	cr_expect(eq(u64, got.snapshot.machine.mem_total_kib, 1000000));
	json_decref(json);
}

Test(facts, nonsense_is_refused)
{
	static const struct {
		const char *member;
		int value;
	} wrong[] = {{"page_bytes", 0}, {"cpus", 0}, {"cpus_present", -1}, {"numa_nodes", -1}, {"cpus", 1 << 20}};
	struct guest_facts facts = some_facts(), got;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		json_t *json = guest_facts_to_json(&facts);

		json_object_set_new(json, wrong[i].member, json_integer(wrong[i].value));
		cr_expect(guest_facts_from_json(json, &got, &err) == -EINVAL, "%s", wrong[i].member);
		json_object_del(json, "kernel");
		cr_expect(guest_facts_from_json(json, &got, &err) == -EINVAL);
		json_decref(json);
	}
}

Test(shape, from_a_configuration)
{
	static const char *const words[] = {"guest.memory=512M", "guest.swap=256M", "guest.numa=2", "guest.cpus=4",
					    NULL};
	static const char *const none[] = {"vm.max_map_count=1024", NULL};
	struct configuration configuration = configuration_of(words), plain = configuration_of(none);
	struct guest_shape shape, standard;
	struct err err = {0};

	cr_assert(guest_shape_of(&configuration, &shape, &err) == 0 && guest_shape_of(&plain, &standard, &err) == 0);
	cr_expect(eq(u64, shape.memory_bytes, UINT64_C(512) << 20));
	cr_expect(eq(u64, shape.swap_bytes, UINT64_C(256) << 20));
	cr_expect(shape.cpus == 4 && shape.numa_nodes == 2);
	cr_expect(eq(u64, standard.memory_bytes, GUEST_MEMORY_BYTES));
	cr_expect(guest_shape_same(&shape, &shape) && !guest_shape_same(&shape, &standard));
	/* What is not of the machine makes no other guest. */
	plain = configuration_of((const char *const[]){"rlimit.as=1G", "vm.overcommit_memory=2", NULL});
	cr_expect(guest_shape_of(&plain, &shape, &err) == 0 && guest_shape_same(&shape, &standard));
}

Test(shape, too_many_nodes)
{
	struct configuration configuration =
		configuration_of((const char *const[]){"guest.memory=128M", "guest.numa=4", NULL});
	struct guest_shape shape;
	struct err err = {0};

	cr_expect(guest_shape_of(&configuration, &shape, &err) == -EINVAL);
	cr_expect(strstr(err.text, "4 NUMA nodes need 64M each") && strstr(err.advice, "guest.memory"));
}

Test(expected, follows_the_configuration)
{
	struct configuration configuration = configuration_of(
		(const char *const[]){"guest.memory=512M", "guest.swap=64M", "vm.overcommit_memory=2", NULL});
	struct guest_shape shape;
	struct snapshot snapshot;
	struct err err = {0};

	cr_assert(guest_shape_of(&configuration, &shape, &err) == 0);
	snapshot = guest_expected_snapshot(&shape, &configuration);
	cr_expect(snapshot.machine.overcommit_memory == 2 && snapshot.machine.max_map_count == 65530);
	cr_expect(eq(u64, snapshot.machine.commit_limit_kib, (256 + 64) * 1024));
	cr_expect(snapshot.process.limits[LIMIT_AS].hard == UNLIMITED);
}

static bool has_pair(const struct qemu_command *command, const char *first, const char *second)
{
	for (unsigned i = 0; i + 1 < command->count; i++) {
		if (strcmp(command->words[i], first) == 0 && strcmp(command->words[i + 1], second) == 0)
			return true;
	}
	return false;
}

Test(qemu, command)
{
	struct qemu qemu = {.path = "/usr/bin/qemu"};
	struct kernel kernel = {.image = "/tmp/a kernel"};
	struct guest_shape shape = {
		.memory_bytes = UINT64_C(512) << 20, .cpus = 2, .numa_nodes = 2, .cmdline = "a=b c"};
	struct guest_files files = {10, 11, 12};
	struct qemu_command command;
	struct err err = {0};

	cr_assert(qemu_command_make(&qemu, &kernel, &shape, &files, &command, &err) == 0);
	cr_expect(has_pair(&command, "-cpu", "max,-cx16") && has_pair(&command, "-accel", "tcg"));
	cr_expect(has_pair(&command, "-kernel", "/tmp/a kernel") && has_pair(&command, "-m", "512M"));
	cr_expect(has_pair(&command, "-numa", "node,nodeid=1,memdev=ram1") &&
		  has_pair(&command, "-numa", "cpu,node-id=1,socket-id=1"));
	cr_expect(has_pair(&command, "-device", "nvme,drive=swap,serial=swap"));
	cr_expect(strstr(command.words[command.count - 1], " enomem.swap a=b c") != NULL);
	qemu.accelerator = ACCELERATOR_KVM;
	files.swap_fd = -1;
	cr_assert(qemu_command_make(&qemu, &kernel, &shape, &files, &command, &err) == 0);
	cr_expect(has_pair(&command, "-cpu", "host") && !has_pair(&command, "-device", "nvme,drive=swap,serial=swap"));
	cr_expect(strstr(command.words[command.count - 1], "enomem.swap") == NULL);
	memset(kernel.image, 'x', sizeof(kernel.image) - 1);
	memset(qemu.path, 'x', sizeof(qemu.path) - 1);
	cr_expect(qemu_command_make(&qemu, &kernel, &shape, &files, &command, &err) == -E2BIG);
}
