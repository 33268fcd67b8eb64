/* How a cause was proved, in one sentence. */
#ifndef ENOMEM_REPORT_PROOF_H
#define ENOMEM_REPORT_PROOF_H

#include <stddef.h>

#include "run/result.h"

/* "7 maps given back: 7 more accepted; not moved by: 7 pages given back"; empty when there is nothing to say. */
void proof_text(char *buffer, size_t size, const struct result *result);

#endif
