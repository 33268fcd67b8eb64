#include "plan/configuration.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

int configuration_name(struct configuration *configuration, const char *name, struct err *err)
{
	size_t length = strlen(name);
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";

	if (length == 0 || length >= sizeof(configuration->name) || strspn(name, allowed) != length) {
		err_set(err, EINVAL, "\"%.60s\" cannot be the name of a configuration", name);
		return err_advise(err, "a name has letters, digits and . _ + -, %zu at most",
				  sizeof(configuration->name) - 1);
	}
	snprintf(configuration->name, sizeof(configuration->name), "%s", name);
	return 0;
}

void configuration_set(struct configuration *configuration, const struct setting *setting)
{
	unsigned at = 0;

	while (at < configuration->count && configuration->settings[at].knob->id < setting->knob->id)
		at++;
	if (at == configuration->count || configuration->settings[at].knob != setting->knob) {
		memmove(&configuration->settings[at + 1], &configuration->settings[at],
			(configuration->count - at) * sizeof(*configuration->settings));
		configuration->count++;
	}
	configuration->settings[at] = *setting;
}

void configuration_drop(struct configuration *configuration, enum knob_id id)
{
	for (unsigned i = 0; i < configuration->count; i++) {
		if (configuration->settings[i].knob->id != id)
			continue;
		memmove(&configuration->settings[i], &configuration->settings[i + 1],
			(configuration->count - i - 1) * sizeof(*configuration->settings));
		configuration->count--;
		return;
	}
}

const struct setting *configuration_find(const struct configuration *configuration, enum knob_id id)
{
	for (unsigned i = 0; i < configuration->count; i++) {
		if (configuration->settings[i].knob->id == id)
			return &configuration->settings[i];
	}
	return NULL;
}

int configuration_parse_word(struct configuration *configuration, const char *word, struct err *err)
{
	char name[64];
	size_t length = strcspn(word, "=");
	const struct knob *knob;
	struct setting setting;
	int status;

	if (word[length] != '=' || length == 0 || length >= sizeof(name)) {
		err_set(err, EINVAL, "\"%.60s\" is not KNOB=VALUE", word);
		return err_advise(err, "write for example vm.max_map_count=262144");
	}
	snprintf(name, sizeof(name), "%.*s", (int)length, word);
	knob = knob_find(name);
	if (!knob)
		return knob_unknown(name, err);
	status = setting_parse(knob, word + length + 1, &setting, err);
	if (status == 0)
		configuration_set(configuration, &setting);
	return status;
}

int configuration_check(const struct configuration *configuration, struct err *err)
{
	if (!configuration_find(configuration, KNOB_OVERCOMMIT_RATIO) ||
	    !configuration_find(configuration, KNOB_OVERCOMMIT_KBYTES))
		return 0;
	err_set(err, EINVAL, "vm.overcommit_ratio and vm.overcommit_kbytes cannot both be set in \"%s\"",
		configuration->name);
	return err_advise(err, "the kernel makes one 0 when the other is written: keep the one that is meant");
}

static bool changes_machine(const struct setting *setting)
{
	return setting->knob->scope == SCOPE_MACHINE;
}

bool configuration_changes_machine(const struct configuration *configuration)
{
	for (unsigned i = 0; i < configuration->count; i++) {
		if (changes_machine(&configuration->settings[i]))
			return true;
	}
	return false;
}

static bool all_machine_settings_in(const struct configuration *a, const struct configuration *b)
{
	for (unsigned i = 0; i < a->count; i++) {
		const struct setting *other = configuration_find(b, a->settings[i].knob->id);

		if (changes_machine(&a->settings[i]) && (!other || other->value != a->settings[i].value))
			return false;
	}
	return true;
}

bool configuration_same_machine(const struct configuration *a, const struct configuration *b)
{
	return a == b || (all_machine_settings_in(a, b) && all_machine_settings_in(b, a));
}

const struct setting *configuration_unsettable(const struct configuration *configuration,
					       enum environment_id environment)
{
	for (unsigned i = 0; i < configuration->count; i++) {
		if (!(configuration->settings[i].knob->environments & 1u << environment))
			return &configuration->settings[i];
	}
	return NULL;
}

const char *configuration_format(const struct configuration *configuration, char *buffer, size_t size)
{
	char value[300];

	snprintf(buffer, size, "%s", configuration->count ? "" : "as it is set");
	for (unsigned i = 0; i < configuration->count; i++) {
		size_t used = strlen(buffer);

		snprintf(buffer + used, size - used, "%s%s %s", used ? ", " : "", configuration->settings[i].knob->name,
			 setting_format(&configuration->settings[i], value, sizeof(value)));
	}
	return buffer;
}

/* vm_commit_limit(): the division is made in pages, and rounds down. */
static void imagine_commit_limit(uint64_t page_kib, struct machine_snapshot *machine)
{
	uint64_t huge = machine->hugetlb_kib == UNKNOWN ? 0 : machine->hugetlb_kib;
	uint64_t pages = (machine->mem_total_kib - huge) / page_kib * machine->overcommit_ratio / 100;

	if (machine->overcommit_kbytes != UNKNOWN && machine->overcommit_kbytes)
		pages = machine->overcommit_kbytes / page_kib;
	machine->commit_limit_kib = pages * page_kib + machine->swap_total_kib;
}

void configuration_imagine(const struct configuration *configuration, uint64_t page_bytes,
			   struct machine_snapshot *machine)
{
	static const struct {
		enum knob_id id;
		size_t member;
	} members[] = {
		{KNOB_MAX_MAP_COUNT, offsetof(struct machine_snapshot, max_map_count)},
		{KNOB_OVERCOMMIT_MEMORY, offsetof(struct machine_snapshot, overcommit_memory)},
		{KNOB_OVERCOMMIT_RATIO, offsetof(struct machine_snapshot, overcommit_ratio)},
		{KNOB_OVERCOMMIT_KBYTES, offsetof(struct machine_snapshot, overcommit_kbytes)},
		{KNOB_ADMIN_RESERVE, offsetof(struct machine_snapshot, admin_reserve_kbytes)},
		{KNOB_USER_RESERVE, offsetof(struct machine_snapshot, user_reserve_kbytes)},
	};
	const struct setting *swap = configuration_find(configuration, KNOB_SWAP);

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		const struct setting *setting = configuration_find(configuration, members[i].id);

		if (setting)
			*(uint64_t *)((char *)machine + members[i].member) = setting->value;
	}
	if (configuration_find(configuration, KNOB_OVERCOMMIT_RATIO))
		machine->overcommit_kbytes = 0;
	if (configuration_find(configuration, KNOB_OVERCOMMIT_KBYTES))
		machine->overcommit_ratio = 0;
	/* The first page of a swap file is its header. */
	if (swap && machine->swap_total_kib < UNKNOWN)
		machine->swap_total_kib += (swap->value / page_bytes - 1) * page_bytes / 1024;
	if (machine->mem_total_kib < UNKNOWN && machine->overcommit_ratio < UNKNOWN &&
	    machine->swap_total_kib < UNKNOWN)
		imagine_commit_limit(page_bytes / 1024, machine);
}
