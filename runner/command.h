/* Subcommands: each has one file cmd_NAME.c with one function. */
#ifndef ENOMEM_COMMAND_H
#define ENOMEM_COMMAND_H

#include <stdbool.h>

#include "support/err.h"

/* Exit statuses of commands; those of a run's verdicts are tally_exit_status()'s. */
#define EXIT_USAGE 2
#define EXIT_BROKEN 3

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char *argv[]); /* argv[0] is "enomem NAME"; returns an exit status */
};

int cmd_run(int argc, char *argv[]);
int cmd_list(int argc, char *argv[]);
int cmd_explain(int argc, char *argv[]);
int cmd_kernels(int argc, char *argv[]);
int cmd_restore(int argc, char *argv[]);
int cmd_compare(int argc, char *argv[]);

/* Print an error once, with what to do about it. Returns EXIT_USAGE. */
int report_error(const struct err *err);

/* A lock_waiting: say once for whom we wait, and go on until an interrupt. */
bool say_waiting(void *context, const char *holder);

/* Flush stdout; EXIT_USAGE with a message when what was printed did not get there, else `status`. */
int finish_stdout(int status);

#endif
