/* A result as one JSON object: schema 1, documented in results/README.md. */
#ifndef ENOMEM_REPORT_RESULT_JSON_H
#define ENOMEM_REPORT_RESULT_JSON_H

#include <jansson.h>

#include "run/result.h"

#define RESULT_SCHEMA 1

/* A new reference, NULL when there is no memory. */
json_t *result_to_json(const struct result *result);

/*
 * A result does not say whether mode 2's counter was folded, but its prediction does: it is one number
 * and has its band beside it only then. Where no refusal was predicted, folding is what is done.
 */
bool result_was_synchronised(const json_t *result);

/*
 * Without a predicted refusal, what the prediction says is accepted is where the run ends: that number. A
 * borrowed reference; NULL when a refusal was predicted, or nothing.
 */
json_t *result_at_most(const json_t *result);

#endif
