/*
 * Baselines: of a run's results only what is the same when the run is made again on the same kernel,
 * small enough to be checked in. Documented in results/README.md. Pure.
 */
#ifndef ENOMEM_REPORT_BASELINE_H
#define ENOMEM_REPORT_BASELINE_H

#include <jansson.h>

#include "support/err.h"

#define BASELINE_SCHEMA 1

/* The name of the only check whose limit is a matter of chance: address space layout is random. */
#define BASELINE_BY_CHANCE "address-space"

/* A result (result_to_json()), reduced. A new reference, NULL when there is no memory. */
json_t *baseline_cell(const json_t *result);

/* Why a result cannot stand in a baseline, in static words; NULL when it can. */
const char *baseline_unfit(const json_t *result);

/*
 * A baseline's text: a header, which says which command makes it, and a line for each reduced cell, in the
 * order of the array, whose members are changed. To be released with free(); NULL when there is no memory.
 */
char *baseline_text(const char *command, const json_t *cells);

#endif
