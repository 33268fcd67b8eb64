/* The witness of a result as JSON. */
#ifndef ENOMEM_REPORT_WITNESS_JSON_H
#define ENOMEM_REPORT_WITNESS_JSON_H

#include <jansson.h>

#include "run/result.h"

/* null when none was asked for. A new reference, NULL when there is no memory. */
json_t *witness_result_to_json(const struct result *result);

#endif
