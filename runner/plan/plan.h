/* From selections on the command line to cells. Pure: it runs nothing. */
#ifndef ENOMEM_PLAN_PLAN_H
#define ENOMEM_PLAN_PLAN_H

#include "plan/catalogue.h"
#include "plan/configuration.h"
#include "plan/environment_choice.h"

/* One scenario with the values of its parameters, under one configuration, in one environment. */
struct cell {
	const struct scenario *scenario;
	const struct configuration *configuration;
	enum environment_id environment;
	const char *kernel; /* of environment vm, as it was said; else "" */
	const char *values[PARAMETERS_MOST]; /* one for each declared parameter, given or default */
	char limit_value[64];                /* what such a value points to when a configuration gives it */
	struct operation operation;          /* what one step asks for, parameters filled in */
};

/* Scenarios, with parameters of their own. */
struct choice {
	const char *pattern;           /* a glob of scenario names */
	const char *const *parameters; /* "name=value" */
	unsigned parameter_count;
	const char *configurations; /* a glob of configurations' names, as FNM_EXTMATCH has them; NULL: in all */
};

struct selection {
	const struct choice *choices; /* none: all scenarios */
	unsigned choice_count;
	const char *const *skips;
	unsigned skip_count;
	const char *const *parameters; /* "name=value", for all of them */
	unsigned parameter_count;
	const struct configuration *configurations; /* none: the host as it is set */
	unsigned configuration_count;
	const struct environment_choice *environments; /* none: ns */
	unsigned environment_count;
	unsigned repeats; /* of each cell, at least 1 */
};

/* Cells in the order in which they run: environment, configuration, scenario, choice; each `repeats` times. */
struct plan {
	struct cell *cells;
	unsigned cell_count;
	unsigned repeats;
	unsigned count; /* of runs of cells: cell_count x repeats */
};

/* Above this, nothing is planned. */
#define PLAN_RUNS_MOST 10000000u

/*
 * Choose the scenarios, check every parameter against their declarations, and make the cells.
 * -EINVAL names the word that is wrong and the nearest right one, or the knob that none of the
 * environments can set; -E2BIG for more than PLAN_RUNS_MOST runs. Strings and configurations of the
 * selection and of the catalogue must live as long as the plan. Release with plan_free().
 */
int plan_make(const struct catalogue *catalogue, const struct selection *selection, struct plan *ret, struct err *err);
void plan_free(struct plan *plan);

/* Whether any cell runs on this kernel, and not in a guest. */
bool plan_measures_host(const struct plan *plan);

/* The cell of run number `index` (from 0), and which repetition of it that is (from 1). */
const struct cell *plan_cell(const struct plan *plan, unsigned index);
unsigned plan_repeat(const struct plan *plan, unsigned index);

/* Its environment as it was said ("vm:debian:7.2"), into `buffer`, which is returned. */
const char *cell_environment(const struct cell *cell, char *buffer, size_t size);

/* The value of a cell's parameter; NULL when the scenario declares none of that name. */
const char *cell_value(const struct cell *cell, const char *name);

/*
 * `text` with every $parameter replaced by its value; $size stays. -EINVAL for a name that is
 * not declared, -ENOSPC when `size` bytes do not hold it.
 */
int cell_substitute(const struct cell *cell, const char *text, char *buffer, size_t size, struct err *err);

/*
 * Fill cell->operation from the scenario's lines; those whose condition is not true are left out. -EINVAL
 * for a line that is no request, and when they are too many or none.
 */
int cell_make_operation(struct cell *cell, struct err *err);

#endif
