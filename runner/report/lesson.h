/* The lesson of a scenario, with the numbers of this host: what `enomem explain` prints. */
#ifndef ENOMEM_REPORT_LESSON_H
#define ENOMEM_REPORT_LESSON_H

#include <stdio.h>

#include "run/result.h"

/* `result` is of a cell that was brought to READY: its prediction is this host's. */
void lesson_print(FILE *stream, const struct result *result);

#endif
