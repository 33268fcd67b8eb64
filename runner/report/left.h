/* What a refused call left of the mapping that it was to replace, in words. */
#ifndef ENOMEM_REPORT_LEFT_H
#define ENOMEM_REPORT_LEFT_H

#include "run/result.h"

/*
 * "a hole where the old mapping was (kept from 6.12 on)", of what was measured, or else predicted; "" when
 * there was nothing to replace. The other versions are told where the check's kernels differ in it.
 */
void left_text(char *buffer, size_t size, const struct result *result);

/* {"predicted": "hole", "measured": "kept"}, `null` for what is not known; NULL when neither is. A new reference. */
json_t *left_to_json(const struct result *result);

#endif
