/*
 * Results as KTAP, version 1 (the kernel's Documentation/dev-tools/ktap.rst): a plan, then for each run of a
 * cell a line, and before it, for one that is not ok, lines that say why.
 */
#ifndef ENOMEM_REPORT_KTAP_H
#define ENOMEM_REPORT_KTAP_H

#include <stdio.h>

#include "run/result.h"

/* What a comparison with an earlier run says of a cell. */
struct ktap_regression {
	const char *file; /* of the earlier run; NULL: there is no comparison */
	bool known;       /* the file has the cell */
	bool changed;
	const char *text; /* what changed, in lines */
};

void ktap_begin(FILE *stream, unsigned count);

/* The line of run number `index` (from 0) of the plan, named "scenario.configuration.parameter=value". */
void ktap_result(FILE *stream, const struct plan *plan, const struct result *result,
		 const struct ktap_regression *regression);

/* Lines as diagnostics: "# " before each. */
void ktap_diagnostics(FILE *stream, const char *text);

#endif
