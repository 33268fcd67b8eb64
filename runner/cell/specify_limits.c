/* The limits of a cell: the scenario's own and its configuration's. */
#include <errno.h>
#include <string.h>

#include "cell/specify.h"
#include "support/number.h"

static int declared_limits(const struct cell *cell, struct specification *ret, struct err *err)
{
	for (unsigned i = 0; i < cell->scenario->limit_count; i++) {
		const struct scenario_limit *declared = &cell->scenario->limits[i];
		struct limit_setting *limit = &ret->limits[i];
		char value[64], at[64];
		int resource = limit_from_word(declared->resource);
		int status = cell_substitute(cell, declared->value, value, sizeof(value), err);

		if (status == 0)
			status = cell_substitute(cell, declared->at, at, sizeof(at), err);
		if (status < 0)
			return status;
		if (resource < 0 || number_parse_bytes(value, &limit->bytes, &limit->relative) < 0)
			return err_set(err, EINVAL, "cannot read %s: bad limit \"%s=%s\"", cell->scenario->name,
				       declared->resource, value);
		limit->resource = (enum limit_name)resource;
		limit->at_exec = strcmp(at, "exec") == 0;
	}
	ret->limit_count = cell->scenario->limit_count;
	return 0;
}

/* Those of the configuration: the scenario's own has its soft value already, where both set one. */
static void configured_limits(const struct cell *cell, struct specification *ret)
{
	for (int name = 0; name < LIMIT_COUNT; name++) {
		const struct setting *setting =
			configuration_find(cell->configuration, (enum knob_id)(KNOB_LIMIT_AS + name));
		struct limit_setting *limit = NULL;

		for (unsigned i = 0; i < ret->limit_count; i++) {
			if ((int)ret->limits[i].resource == name)
				limit = &ret->limits[i];
		}
		if (!setting || (!limit && ret->limit_count == SPECIFICATION_LIMITS_MOST))
			continue;
		if (!limit) {
			limit = &ret->limits[ret->limit_count++];
			/* Where mappings go is decided by the stack's limit when the program starts. */
			*limit = (struct limit_setting){.resource = (enum limit_name)name,
							.at_exec = name == LIMIT_STACK,
							.relative = setting->relative,
							.bytes = setting->value};
		}
		limit->has_hard = setting->has_hard;
		limit->hard_bytes = setting->hard;
	}
}

int specify_limits(const struct cell *cell, struct specification *ret, struct err *err)
{
	int status = declared_limits(cell, ret, err);

	if (status == 0)
		configured_limits(cell, ret);
	return status;
}
