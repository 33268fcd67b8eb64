/* Ends itself in the operation after the hundredth, in three ways. */
#include <signal.h>
#include <unistd.h>

#include "scenarios/lib/scenario.h"

#define ACCEPTED 100

static int step(struct run *run, uint64_t number)
{
	(void)run;
	if (number < ACCEPTED)
		return 0;
	if (parameter_is("how", "exit"))
		_exit(7);
	raise(parameter_is("how", "kill") ? SIGKILL : SIGSEGV);
	return 0;
}

const struct scenario scenario = {
	.summary = "test only: dies in the middle",
	.lesson = "None.",
	.fix = "none",
	.shape = SHAPE_COUNT,
	.parameters =
		{
			{.name = "how",
			 .kind = PARAMETER_WORD,
			 .standard = "segv",
			 .words = "segv|kill|exit",
			 .summary = "how it dies"},
		},
	.operation = {"mmap pages=1 protection=none placement=chosen"},
	.step = step,
};
