#include "scenarios/lib/parameters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/lib/scenario.h"

static const char *given[SCENARIO_PARAMETERS_MOST];

static int index_of(const char *name, size_t length)
{
	for (int i = 0; i < SCENARIO_PARAMETERS_MOST && scenario.parameters[i].name; i++) {
		if (strlen(scenario.parameters[i].name) == length &&
		    strncmp(scenario.parameters[i].name, name, length) == 0)
			return i;
	}
	return -1;
}

int parameters_take(char *const words[])
{
	for (; *words; words++) {
		const char *equals = strchr(*words, '=');
		int index = equals ? index_of(*words, (size_t)(equals - *words)) : -1;

		if (index < 0)
			return -EINVAL;
		given[index] = equals + 1;
	}
	return 0;
}

const char *parameter_word(const char *name)
{
	int index = index_of(name, strlen(name));

	if (index < 0)
		abort(); /* a scenario that asks for what it did not declare */
	return given[index] ? given[index] : scenario.parameters[index].standard;
}

uint64_t parameter_number(const char *name)
{
	return strtoull(parameter_word(name), NULL, 10);
}

bool parameter_is(const char *name, const char *word)
{
	return strcmp(parameter_word(name), word) == 0;
}
