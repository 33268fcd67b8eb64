/* A result as one JSON object: schema 1, documented in results/README.md. */
#ifndef ENOMEM_REPORT_RESULT_JSON_H
#define ENOMEM_REPORT_RESULT_JSON_H

#include <jansson.h>

#include "run/result.h"

#define RESULT_SCHEMA 1

/* A new reference, NULL when there is no memory. */
json_t *result_to_json(const struct result *result);

#endif
