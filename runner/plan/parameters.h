/* `--param name=value` against what the chosen scenarios declare. */
#ifndef ENOMEM_PLAN_PARAMETERS_H
#define ENOMEM_PLAN_PARAMETERS_H

#include "plan/plan.h"

/* The last given value for a parameter, or `otherwise`. */
const char *parameters_value(const struct parameter *parameter, const char *otherwise, const char *const *given,
			     unsigned count);

/* Whether a value for it is among the given words. */
bool parameters_given(const struct parameter *parameter, const char *const *given, unsigned count);

/*
 * Check every given word, of the selection and of its choices: it must be name=value, at least one
 * scenario that it is for must declare the name, and the value must be what each that does so takes.
 */
int parameters_check(const struct catalogue *catalogue, const struct selection *selection, struct err *err);

#endif
