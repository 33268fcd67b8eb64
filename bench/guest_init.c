/*
 * /init of a guest that makes the bare loops of its cells and nothing else: what a boot and the kernel itself
 * cost. It stands for the agent in a directory for ENOMEM_LIBEXEC whose scenarios are all `bare`.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* In an order that works: the mode last, and of ratio and kbytes the one that is in force. */
static const char *const knobs[] = {"overcommit_kbytes", "overcommit_ratio", "max_map_count", "overcommit_memory"};
static const char *const standards[] = {NULL, "50", "65530", "0"};

#define KNOB_COUNT (sizeof(knobs) / sizeof(*knobs))

static void write_knob(const char *name, const char *value)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/vm/%s", name);
	file = fopen(path, "we");
	if (!file)
		return;
	fputs(value, file);
	fclose(file);
}

static void apply(const json_t *settings)
{
	for (size_t i = 0; i < KNOB_COUNT; i++) {
		char name[64];
		const json_t *setting;

		snprintf(name, sizeof(name), "vm.%s", knobs[i]);
		setting = json_object_get(settings, name);
		if (setting || standards[i])
			write_knob(knobs[i], setting ? json_string_value(setting) : standards[i]);
	}
}

static void run(const json_t *order)
{
	static const char *const suffixes = "KMGT";
	const json_t *settings = json_object_get(order, "settings");
	const char *name = json_string_value(json_object_get(json_object_get(order, "specification"), "scenario"));
	const char *as = json_string_value(json_object_get(settings, "rlimit.as"));
	unsigned long long bytes = 0;
	char path[96], limit[32], *end;
	pid_t pid;

	if (as) {
		bytes = strtoull(as, &end, 10);
		if (*end)
			bytes <<= 10 * (strchr(suffixes, *end) - suffixes + 1);
	}
	snprintf(limit, sizeof(limit), "%llu", bytes);
	snprintf(path, sizeof(path), "/scenarios/%s", name);
	apply(settings);
	pid = fork();
	if (pid == 0) {
		execl(path, path, name, as ? limit : NULL, NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	FILE *cells = fopen("/cells", "re");

	mkdir("/proc", 0555);
	mount("proc", "/proc", "proc", 0, NULL);
	while (cells && getline(&line, &size, cells) > 0) {
		json_t *order = json_loads(line, 0, NULL);

		run(order);
		json_decref(order);
	}
	iopl(3);
	outb(16, 0x501);
	for (;;)
		pause();
}
