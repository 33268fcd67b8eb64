/* The end of a dry run: what a real one would change on this machine, and how long it would take. */
#ifndef ENOMEM_REPORT_PREVIEW_H
#define ENOMEM_REPORT_PREVIEW_H

#include <stdio.h>

#include "run/result.h"

struct preview {
	double seconds;
};

/* Add a cell, whose prediction is known. */
void preview_add(struct preview *preview, const struct result *result);

/* Print for the whole plan; the machine's numbers are those that are in force now. */
void preview_print(FILE *stream, const struct preview *preview, const struct plan *plan,
		   const struct machine_snapshot *machine);

#endif
