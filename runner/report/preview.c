#include "report/preview.h"

#include <inttypes.h>
#include <string.h>

#include "report/wrap.h"

/* About, of a machine of 2020: an accepted operation with its share of the tearing down, and a cell without any. */
#define OPERATION_SECONDS 3e-6
#define CELL_SECONDS 0.015

void preview_add(struct preview *preview, const struct result *result)
{
	const struct prediction *prediction = &result->verdict.prediction;

	if (!result->verdict.predicted)
		return;
	preview->seconds += CELL_SECONDS;
	if (!result->cell->scenario->is_size)
		preview->seconds += OPERATION_SECONDS * (double)prediction->central;
}

static uint64_t value_now(enum knob_id id, const struct machine_snapshot *machine)
{
	switch (id) {
	case KNOB_MAX_MAP_COUNT: return machine->max_map_count;
	case KNOB_OVERCOMMIT_MEMORY: return machine->overcommit_memory;
	case KNOB_OVERCOMMIT_RATIO: return machine->overcommit_ratio;
	case KNOB_OVERCOMMIT_KBYTES: return machine->overcommit_kbytes;
	case KNOB_ADMIN_RESERVE: return machine->admin_reserve_kbytes;
	case KNOB_USER_RESERVE: return machine->user_reserve_kbytes;
	default: return UNKNOWN;
	}
}

static bool is_before(const struct plan *plan, unsigned cell, const struct setting *setting)
{
	for (unsigned i = 0; i < cell; i++) {
		const struct setting *other = configuration_find(plan->cells[i].configuration, setting->knob->id);

		if (plan->cells[i].environment == ENVIRONMENT_HOST && other && other->value == setting->value)
			return true;
	}
	return false;
}

/* Appends ", 1024" for each value that the plan gives to a knob of the machine (or of a cgroup). */
static unsigned list_values(const struct plan *plan, enum knob_id id, char *buffer, size_t size)
{
	char value[64];
	unsigned count = 0;

	for (unsigned i = 0; i < plan->cell_count; i++) {
		const struct setting *setting = configuration_find(plan->cells[i].configuration, id);
		size_t used = strlen(buffer);

		if (!setting || plan->cells[i].environment != ENVIRONMENT_HOST || is_before(plan, i, setting))
			continue;
		snprintf(buffer + used, size - used, "%s%s", count++ ? ", " : "",
			 setting_format(setting, value, sizeof(value)));
	}
	return count;
}

static void print_knob(FILE *stream, const struct knob *knob, const char *values,
		       const struct machine_snapshot *machine)
{
	uint64_t now = value_now(knob->id, machine);
	char line[1200];

	if (now < UNKNOWN)
		snprintf(line, sizeof(line), "%s: now %" PRIu64 "; %s", knob->name, now, values);
	else
		snprintf(line, sizeof(line), "%s: %s", knob->name, values);
	wrap_print(stream, "    ", "        ", line);
}

void preview_print(FILE *stream, const struct preview *preview, const struct plan *plan,
		   const struct machine_snapshot *machine)
{
	bool any = false;

	fputc('\n', stream);
	for (int id = 0; id < KNOBS; id++) {
		const struct knob *knob = knob_of((enum knob_id)id);
		char values[1000] = "";

		if (knob->scope == SCOPE_PROCESS || knob->scope == SCOPE_NAMESPACE ||
		    list_values(plan, (enum knob_id)id, values, sizeof(values)) == 0)
			continue;
		if (!any)
			fprintf(stream, "Would be changed on this machine, and put back after each configuration:\n");
		any = true;
		print_knob(stream, knob, values, machine);
	}
	if (!any)
		fprintf(stream, "Nothing would be changed on this machine.\n");
	fprintf(stream, "%u cell%s, about %.*f s; no request was made.\n", plan->count, plan->count == 1 ? "" : "s",
		preview->seconds < 10, preview->seconds);
}
