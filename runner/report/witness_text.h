/* The witness as a sentence: the function that refused, and through which others it was called. */
#ifndef ENOMEM_REPORT_WITNESS_TEXT_H
#define ENOMEM_REPORT_WITNESS_TEXT_H

#include <stddef.h>

#include "verdict/verdict.h"
#include "witness/witness.h"

/* "" when none was heard and there is nothing to say about that which the verdict's reason does not. */
void witness_text(char *buffer, size_t size, const struct witness *witness, const struct verdict *verdict);

#endif
