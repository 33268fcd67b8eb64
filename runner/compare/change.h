/* What is different between the two cells of a pair. Pure. */
#ifndef ENOMEM_COMPARE_CHANGE_H
#define ENOMEM_COMPARE_CHANGE_H

#include <stdbool.h>

#include "compare/record.h"

/* Things that are compared, in the order in which they are named. */
enum change {
	CHANGE_REFUSAL, /* it is there on one side only */
	CHANGE_ACCEPTED,
	CHANGE_UNIT,
	CHANGE_CALL,
	CHANGE_ERRNO,
	CHANGE_API_ERRNO,
	CHANGE_END,
	CHANGE_CHECK,
	CHANGE_LEFT,
	CHANGE_VERDICT,
	CHANGES,
};

/* A bit mask of 1 << enum change; 0: nothing moved. */
unsigned changes_of(const struct measured *before, const struct measured *after);

/* "call", "errno", ... and its text in one of the cells; of those that have one (not of the first two). */
const char *change_name(enum change change);
const char *change_text(enum change change, const struct measured *measured);

/* Whether both were refused at a number, in the same unit: *ret is then how much more was accepted after. */
bool change_difference(const struct measured *before, const struct measured *after, int64_t *ret);

#endif
