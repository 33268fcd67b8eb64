/* Sysctls of a guest: nobody else is there, so no lock, no journal and no guardian are needed. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/guest/guest.h"
#include "host/sysctl.h"

static bool is_sysctl_of_machine(const struct knob *knob)
{
	return knob->file && knob->scope == SCOPE_MACHINE;
}

void guest_settings_begin(struct guest_settings *settings)
{
	*settings = (struct guest_settings){0};
	for (int id = 0; id < KNOBS; id++) {
		const struct knob *knob = knob_of((enum knob_id)id);
		char value[SYSCTL_VALUE_BYTES];

		if (is_sysctl_of_machine(knob) && sysctl_read(knob->file, value) == 0)
			snprintf(settings->original[id], sizeof(settings->original[id]), "%.23s", value);
	}
}

void guest_put_back(const struct guest_settings *settings, enum knob_id id)
{
	const struct setting *setting = configuration_find(&settings->in_force, id);
	const char *value = settings->original[id];
	char text[24];

	/* Of ratio and kbytes the one that is not 0 was in force; writing it makes the other 0. */
	if (id == KNOB_OVERCOMMIT_KBYTES && !setting && strcmp(value, "0") == 0) {
		guest_put_back(settings, KNOB_OVERCOMMIT_RATIO);
		return;
	}
	if (setting) {
		snprintf(text, sizeof(text), "%" PRIu64, setting->value);
		value = text;
	}
	sysctl_write(knob_of(id)->file, value);
}

static int put_all_back(struct guest_settings *settings, struct err *err)
{
	struct configuration was = settings->in_force;
	char value[SYSCTL_VALUE_BYTES];

	settings->in_force = (struct configuration){0};
	for (unsigned i = 0; i < was.count; i++) {
		enum knob_id id = was.settings[i].knob->id;

		if (!is_sysctl_of_machine(was.settings[i].knob))
			continue;
		guest_put_back(settings, id);
		if (sysctl_read(knob_of(id)->file, value) < 0 || strcmp(value, settings->original[id]) != 0)
			return err_set(err, EIO, "cannot put %s back to %s in the guest", knob_of(id)->name,
				       settings->original[id]);
	}
	return 0;
}

int guest_configure(struct guest_settings *settings, const struct configuration *configuration, struct err *err)
{
	char value[24];
	int status;

	if (configuration_same_machine(&settings->in_force, configuration))
		return 0;
	status = put_all_back(settings, err);
	settings->in_force = *configuration;
	for (unsigned i = 0; i < configuration->count && status == 0; i++) {
		const struct setting *setting = &configuration->settings[i];

		if (!is_sysctl_of_machine(setting->knob))
			continue;
		snprintf(value, sizeof(value), "%" PRIu64, setting->value);
		status = sysctl_write(setting->knob->file, value);
		if (status < 0)
			err_set_errno(err, -status, "cannot set %s to %s in the guest", setting->knob->name, value);
	}
	return status;
}
