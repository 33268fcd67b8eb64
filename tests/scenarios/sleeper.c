/* Never comes back from its first operation. */
#include <unistd.h>

#include "scenarios/lib/scenario.h"

static int step(struct run *run, uint64_t number)
{
	(void)run;
	(void)number;
	while (pause() == -1)
		;
	return 0;
}

const struct scenario scenario = {
	.summary = "test only: hangs",
	.lesson = "None.",
	.fix = "none",
	.shape = SHAPE_COUNT,
	.operation = {"mmap pages=1 protection=none placement=chosen"},
	.step = step,
};
