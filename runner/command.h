/* Subcommands: each has one file cmd_NAME.c with one function. */
#ifndef ENOMEM_COMMAND_H
#define ENOMEM_COMMAND_H

#include "support/err.h"

/* Exit statuses, as results/README.md documents them. */
#define EXIT_EXPECTED 0
#define EXIT_UNEXPECTED 1
#define EXIT_USAGE 2
#define EXIT_BROKEN 3
#define EXIT_SKIPPED 77

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char *argv[]); /* argv[0] is "enomem NAME"; returns an exit status */
};

int cmd_run(int argc, char *argv[]);
int cmd_list(int argc, char *argv[]);
int cmd_explain(int argc, char *argv[]);

/* Print an error once, with what to do about it. Returns EXIT_USAGE. */
int report_error(const struct err *err);

/* Flush stdout; EXIT_USAGE with a message when what was printed did not get there, else `status`. */
int finish_stdout(int status);

#endif
