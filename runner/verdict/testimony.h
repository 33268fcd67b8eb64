/* What the kernel's witness says to the model's explanation. Pure. */
#ifndef ENOMEM_VERDICT_TESTIMONY_H
#define ENOMEM_VERDICT_TESTIMONY_H

#include "verdict/verdict.h"
#include "witness/witness.h"

/*
 * The innermost function that refused, an index into the chain: the first that returned an errno; unless that one
 * asks functions that answer with a bool, and the last return before it was such a refusal. -1: none.
 */
int testimony_origin(const struct witness *witness, kernel_version version, const char *call);

/*
 * Judge it: fills verdict->witness, ->witness_origin, ->witness_how and ->witness_problem. Where the witness names a
 * function that does not stand for the check that the model names, an otherwise EXACT verdict becomes OFF:
 * three agree, or it is a finding.
 */
void testimony_judge(const struct witness *witness, kernel_version version, const struct observation *observation,
		     struct verdict *verdict);

#endif
