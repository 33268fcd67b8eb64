/* Ctrl-C and its like, for the scheduler. */
#include <signal.h>
#include <unistd.h>

#include "run/scheduler.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
	/* Cells die with us: their gate closes and their death signal comes. */
	if (interrupted)
		_exit(128 + signal);
	interrupted = signal;
}

/* Whoever started us may have chosen that a signal is ignored, as nohup does. */
static void catch_unless_ignored(int signal)
{
	struct sigaction action = {.sa_handler = on_interrupt}, old;

	sigemptyset(&action.sa_mask);
	if (sigaction(signal, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(signal, &action, NULL);
}

void schedule_catch_interrupts(void)
{
	catch_unless_ignored(SIGINT);
	catch_unless_ignored(SIGTERM);
	catch_unless_ignored(SIGHUP);
}

int schedule_interrupted(void)
{
	return interrupted;
}
