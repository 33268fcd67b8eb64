#include "guest/order.h"

#include <errno.h>

json_t *guest_order_to_json(unsigned index, unsigned cpu, const struct configuration *configuration,
			    const struct specification *specification)
{
	json_t *settings = json_object();
	char value[SETTING_TEXT_BYTES + 64];

	for (unsigned i = 0; i < configuration->count; i++) {
		const struct setting *setting = &configuration->settings[i];

		json_object_set_new(settings, setting->knob->name,
				    json_string(setting_format(setting, value, sizeof(value))));
	}
	return json_pack("{s:I, s:I, s:o, s:o}", "index", (json_int_t)index, "cpu", (json_int_t)cpu, "settings",
			 settings, "specification", specification_to_json(specification));
}

static int take_settings(json_t *settings, struct configuration *ret, struct err *err)
{
	struct setting setting;
	const char *name;
	json_t *value;
	int status = 0;

	json_object_foreach(settings, name, value)
	{
		const struct knob *knob = knob_find(name);

		if (!knob)
			return knob_unknown(name, err);
		if (!json_is_string(value))
			return err_set(err, EINVAL, "cannot read an order: \"%s\" has no text for a value", name);
		status = setting_parse(knob, json_string_value(value), &setting, err);
		if (status < 0)
			return status;
		configuration_set(ret, &setting);
	}
	return 0;
}

int guest_order_from_json(const json_t *json, struct guest_order *ret, struct err *err)
{
	json_t *settings = json_object_get(json, "settings");
	json_t *index = json_object_get(json, "index"), *cpu = json_object_get(json, "cpu");
	int status;

	*ret = (struct guest_order){0};
	if (!json_is_integer(index) || !json_is_integer(cpu) || !json_is_object(settings))
		return err_set(err, EINVAL, "cannot read an order: \"index\", \"cpu\" or \"settings\" is missing");
	ret->index = (unsigned)json_integer_value(index);
	ret->cpu = (unsigned)json_integer_value(cpu);
	status = take_settings(settings, &ret->configuration, err);
	if (status == 0)
		status = specification_from_json(json_object_get(json, "specification"), &ret->specification, err);
	return status;
}
