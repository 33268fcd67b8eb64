/*
 * Makes no request at all, so that nothing is ever refused.
 *
 *   merges=yes   declares one that only the address space could refuse, after very many
 *   merges=no    declares one that the map count refuses: that the refusal does not come must be seen
 */
#include "scenarios/lib/scenario.h"

static int step(struct run *run, uint64_t number)
{
	(void)run;
	(void)number;
	return 0;
}

const struct scenario scenario = {
	.summary = "test only: every operation succeeds",
	.lesson = "None.",
	.fix = "none",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "merges",
			 .kind = PARAMETER_WORD,
			 .standard = "yes",
			 .words = "yes|no",
			 .summary = "whether the mappings that it declares merge"},
		},
	.operation = {"mmap pages=1 protection=none placement=chosen merges=$merges"},
	.step = step,
};
