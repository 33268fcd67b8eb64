/* `enomem restore`: undo what an interrupted run left. */
#include <argp.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "host/journal.h"
#include "host/lock.h"
#include "host/restore.h"
#include "run/scheduler.h"
#include "witness/trace.h"
#include "witness/tracefs.h"

static const struct argp_option options[] = {
	{"quiet", 'q', NULL, 0, "say nothing when there is nothing to put back", 0},
	{0},
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	(void)value;
	if (key == ARGP_KEY_ARG)
		argp_error(state, "restore takes no arguments");
	if (key != 'q')
		return ARGP_ERR_UNKNOWN;
	*(bool *)state->input = true;
	return 0;
}

static void say(const char *line)
{
	puts(line);
}

/* Probes of runs that were killed together with their watchers: whether there were any. */
static bool sweep_traces(void)
{
	struct err ignored = {0};
	int tracefs_fd = geteuid() == 0 ? tracefs_open(&ignored) : -1;
	unsigned removed = tracefs_fd >= 0 ? trace_sweep(tracefs_fd) : 0;

	if (tracefs_fd >= 0)
		close(tracefs_fd);
	if (removed)
		printf("%u probes and instances of tracing that a killed run left are removed\n", removed);
	return removed > 0;
}

/* Under the lock: what a run that lives has changed is its own. */
static int restore(struct err *err)
{
	int lock_fd;
	int status = lock_take(true, say_waiting, NULL, &lock_fd, err);

	if (status < 0)
		return status;
	status = restore_all(say);
	close(lock_fd);
	if (status == 0)
		return 0;
	err_set_errno(err, -status, "cannot put everything back");
	return err_advise(err, "what is left stands in " JOURNAL_PATH "; run it again as root");
}

int cmd_restore(int argc, char *argv[])
{
	static const struct argp argp = {
		options,
		parse_option,
		"",
		"Put back settings of this machine that an interrupted run left changed.\v"
		"A run with --allow-host-changes puts everything back itself, however it ends; so do its guardians "
		"when "
		"it is killed, and the next run when they were killed, too. This does it now. What somebody else has "
		"changed meanwhile is left alone, and said. Exit status: 0 nothing is left, 2 something is.",
		NULL,
		NULL,
		NULL};
	static char name[] = "enomem restore";
	struct err err = {0};
	bool quiet = false;

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &quiet);
	quiet |= sweep_traces();
	if (!restore_is_needed()) {
		if (!quiet)
			puts("nothing to put back");
		return finish_stdout(0);
	}
	if (geteuid() != 0) {
		err_set(&err, EPERM, "cannot put back settings of this machine: only root can");
		err_advise(&err, "run `enomem restore` as root");
		return report_error(&err);
	}
	schedule_catch_interrupts();
	if (restore(&err) < 0)
		return schedule_interrupted() ? 128 + schedule_interrupted() : report_error(&err);
	return finish_stdout(0);
}
