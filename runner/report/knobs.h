/* The table of knobs, for people and for programs. */
#ifndef ENOMEM_REPORT_KNOBS_H
#define ENOMEM_REPORT_KNOBS_H

#include <stdbool.h>
#include <stdio.h>

/* All knobs: scope, environments, values, how each is put back, what it moves. */
void knobs_print(FILE *stream, bool json);

#endif
