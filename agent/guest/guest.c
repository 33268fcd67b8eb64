#include "agent/guest/guest.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/guest/port_x86.h"
#include "guest/record.h"

/* QEMU's exit status is then 33. */
#define EXIT_CODE_DONE 16
#define EXIT_CODE_PROBLEM 17

void guest_send(json_t *record)
{
	size_t length;
	char *line = guest_record_seal(record, &length);

	if (line)
		port_write(line, length);
	free(line);
}

static _Noreturn void give_up(const struct err *err)
{
	guest_send(json_pack("{s:s}", "problem", err->text));
	fprintf(stderr, "enomem-agent: %s\n", err->text);
	port_exit(EXIT_CODE_PROBLEM);
}

static void bind_to(hwloc_topology_t topology, unsigned cpu)
{
	cpu_set_t set;

	(void)topology;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* Where it is refused the cell still runs; the result records what was obtained. */
	(void)sched_setaffinity(0, sizeof(set), &set);
}

/* Hard limits are for users of a machine: in a guest none shall be in the way of a configuration. */
static void lift_hard_limits(void)
{
	static const int resources[] = {RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_MEMLOCK, RLIMIT_NPROC};
	struct rlimit limit;

	for (size_t i = 0; i < sizeof(resources) / sizeof(*resources); i++) {
		if (getrlimit((enum __rlimit_resource)resources[i], &limit) == -1)
			continue;
		limit.rlim_max = RLIM_INFINITY;
		setrlimit((enum __rlimit_resource)resources[i], &limit);
	}
}

static void run_line(const char *line, struct guest_state *guest)
{
	struct guest_order order;
	struct err err = {0};
	json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	int status = guest_order_from_json(json, &order, &err);

	json_decref(json);
	if (status < 0)
		give_up(&err);
	guest_run_cell(guest, &order);
}

static void run_cells(struct guest_state *guest)
{
	struct err err = {0};
	char *line = NULL;
	size_t size = 0;
	FILE *file = fopen("/cells", "re");

	if (!file) {
		err_set(&err, 2, "cannot open /cells");
		give_up(&err);
	}
	guest_settings_begin(&guest->settings);
	while (getline(&line, &size, file) > 0)
		run_line(line, guest);
	free(line);
	fclose(file);
}

_Noreturn void guest_main(void)
{
	static struct catalogue catalogue = {.directory = ""};
	static struct guest_facts facts;
	static struct guest_state guest = {
		.context = {.catalogue = &catalogue, .bind = bind_to, .agent_fd = -1, .machine_lock = -1}};
	struct err err = {0};
	int status = port_open();

	if (status < 0) {
		fprintf(stderr, "enomem-agent: cannot use i/o ports: %s\n", strerror(-status));
		_exit(1);
	}
	lift_hard_limits();
	if (guest_mount(facts.problem, sizeof(facts.problem), &err) < 0 || guest_read_facts(&facts, &err) < 0)
		give_up(&err);
	guest.context.isolation = facts.isolation;
	guest.context.agent_fd = open("/enomem-agent", O_RDONLY | O_CLOEXEC);
	guest_send(json_pack("{s:o}", "hello", guest_facts_to_json(&facts)));
	run_cells(&guest);
	guest_send(json_pack("{s:b}", "end", 1));
	port_exit(EXIT_CODE_DONE);
}
