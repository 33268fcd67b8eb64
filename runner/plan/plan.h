/* From selections on the command line to cells. Pure: it runs nothing. */
#ifndef ENOMEM_PLAN_PLAN_H
#define ENOMEM_PLAN_PLAN_H

#include "plan/catalogue.h"

/* One scenario with the values of its parameters, to be run in one environment. */
struct cell {
	const struct scenario *scenario;
	const char *values[PARAMETERS_MOST]; /* one for each declared parameter, given or default */
	struct operation operation;          /* what one step asks for, parameters filled in */
	unsigned repeat;                     /* 1, 2, ... */
};

struct selection {
	const char *const *patterns; /* globs of scenario names; none: all */
	unsigned pattern_count;
	const char *const *skips;
	unsigned skip_count;
	const char *const *parameters; /* "name=value" */
	unsigned parameter_count;
	unsigned repeats; /* of each cell, at least 1 */
};

struct plan {
	struct cell *cells;
	unsigned count;
};

/*
 * Choose the scenarios, check every parameter against their declarations, and make the cells.
 * -EINVAL names the word that is wrong and the nearest right one. Strings of the selection and of
 * the catalogue must live as long as the plan. Release with plan_free().
 */
int plan_make(const struct catalogue *catalogue, const struct selection *selection, struct plan *ret, struct err *err);
void plan_free(struct plan *plan);

/* The value of a cell's parameter; NULL when the scenario declares none of that name. */
const char *cell_value(const struct cell *cell, const char *name);

/*
 * `text` with every $parameter replaced by its value; $size stays. -EINVAL for a name that is
 * not declared, -ENOSPC when `size` bytes do not hold it.
 */
int cell_substitute(const struct cell *cell, const char *text, char *buffer, size_t size, struct err *err);

#endif
