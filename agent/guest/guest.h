/*
 * The agent as /init of a disposable guest: it runs the cells of /cells, one after the other, each as on
 * a host: the agent anew, in namespaces of its own. What only the machine's owner may do, it does itself:
 * it sets and puts back sysctls, makes cgroups, and answers what a cell's agent asks for.
 */
#ifndef ENOMEM_AGENT_GUEST_GUEST_H
#define ENOMEM_AGENT_GUEST_GUEST_H

#include "environment/environment.h"
#include "guest/facts.h"
#include "guest/order.h"
#include "run/collector.h"
#include "witness/trace.h"

/* As pid 1. Does not return: the machine ends with it. */
_Noreturn void guest_main(void);

/* Mount what cells and we need, and switch guest.swap on; what could not be had is told in `problem`. */
int guest_mount(char *problem, size_t size, struct err *err);

/* Read the facts; the isolation is probed, so this takes some milliseconds. */
int guest_read_facts(struct guest_facts *ret, struct err *err);

/* Send one record; takes the reference over. */
void guest_send(json_t *record);

/* The sysctls of a guest: what they were, and what the present configuration made of them. */
struct guest_settings {
	char original[KNOBS][24]; /* as /proc/sys showed them at the start; "" where there is no such file */
	struct configuration in_force;
};

void guest_settings_begin(struct guest_settings *settings);

/* Bring the machine's part of a configuration into force, the last one's put back first. */
int guest_configure(struct guest_settings *settings, const struct configuration *configuration, struct err *err);

/* Write back the original value of one that a push raised. */
void guest_put_back(const struct guest_settings *settings, enum knob_id id);

/* A cell's cgroup with the limits of its configuration; count 0 when it asks for none. -ENOTSUP without cgroup v2. */
int guest_group_make(const struct configuration *configuration, struct group *ret, struct err *err);
void guest_group_remove(struct group *group);

/* The guest's kernel as a witness: opened when a cell first asks for it, and kept, with its probes, until the end. */
struct guest_witness {
	struct trace trace;
	bool tried;
	struct err why_not; /* code set: it cannot trace */
};

/* Answer what a cell's agent asks for, when it does; *ret is what was seen. Uses no heap. */
void guest_witness_attend(struct guest_witness *witness, struct collector *collector, struct witness *ret);

/* What does not change from cell to cell. */
struct guest_state {
	struct environment_context context;
	struct guest_settings settings;
	struct guest_witness witness;
};

/* Run one cell and send its record. */
void guest_run_cell(struct guest_state *guest, const struct guest_order *order);

#endif
