/* `--param name=value` against what the chosen scenarios declare. */
#ifndef ENOMEM_PLAN_PARAMETERS_H
#define ENOMEM_PLAN_PARAMETERS_H

#include "plan/plan.h"

/* The last given value for a parameter, or its default. */
const char *parameters_value(const struct parameter *parameter, const char *const *given, unsigned count);

/*
 * Check every given word: it must be name=value, at least one chosen scenario must declare the
 * name, and the value must be what each that does so takes.
 */
int parameters_check(const struct plan *plan, const char *const *given, unsigned count, struct err *err);

#endif
