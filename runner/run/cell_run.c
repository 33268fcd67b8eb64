#include "run/cell_run.h"

#include <errno.h>
#include <stdio.h>

#include "verdict/testimony.h"
#include "witness/answer.h"

int cell_check_settable(const struct cell *cell, struct err *err)
{
	const struct setting *setting = configuration_unsettable(cell->configuration, cell->environment);

	if (!setting)
		return 0;
	return err_set(err, EPERM, "cannot set %s in environment %s; %s can", setting->knob->name,
		       environment_word(cell->environment), setting->knob->environments & IN_HOST ? "host" : "vm");
}

int cell_specify(const struct schedule *schedule, struct result *result, struct err *err)
{
	const struct run_facts *facts = schedule->facts;
	int status = cell_check_settable(result->cell, err);

	/* Nothing that needs a right is done for an imagined cell. */
	result->isolation = facts->isolation;
	if (status == 0 && !schedule->imagines)
		status = isolation_of_cell(&facts->isolation, result->cell->configuration, result->cell->environment,
					   &result->isolation, err);
	if (status == 0)
		status = specify(result->cell, &facts->host, &schedule->settings, &result->specification, err);
	return status;
}

void cell_settle(const struct schedule *schedule, struct observation *observation)
{
	struct err err = {0};

	if (!schedule->environment->settle || schedule->environment->settle(schedule->context, &err) == 0)
		return;
	observation->outcome = OUTCOME_BROKEN;
	snprintf(observation->problem, sizeof(observation->problem), "%s", err.text);
}

void cell_hear_witness(const struct schedule *schedule, struct result *result)
{
	const struct witnessing *witnessing = schedule->witnessing;

	if (witnessing && !witnessing->ready)
		witness_absent(&result->witness, "%s", witnessing->why_not.text);
	testimony_judge(&result->witness, kernel_version_parse(schedule->facts->host.facts.kernel),
			&result->observation, &result->verdict);
}

bool cell_imagine(const struct schedule *schedule, struct result *result)
{
	const struct configuration *configuration = result->cell->configuration;
	const struct setting *caps = configuration_find(configuration, KNOB_CAPS);
	struct snapshot *before = &result->observation.before;

	configuration_imagine(configuration, schedule->facts->host.facts.page_bytes, &before->machine);
	before->process.cap_effective = caps ? caps->value : 0;
	return caps != NULL;
}
