/* Parameters of a scenario as given on its command line. */
#ifndef ENOMEM_SCENARIOS_PARAMETERS_H
#define ENOMEM_SCENARIOS_PARAMETERS_H

/*
 * Take `name=value` words. Returns 0, or -EINVAL for a word that names no declared parameter.
 * Values are not checked here: the runner has done so against the same declaration.
 */
int parameters_take(char *const words[]);

#endif
