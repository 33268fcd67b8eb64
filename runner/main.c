/* enomem: provoke, predict, measure and explain "Cannot allocate memory". */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "run/scheduler.h"
#include "support/suggest.h"

static const struct command commands[] = {
	{"run", "provoke refusals, and compare each with its prediction", cmd_run},
	{"list", "show the scenarios and their parameters", cmd_list},
	{"explain", "teach one scenario, with this host's own numbers", cmd_explain},
	{"compare", "say what moved between two results files, and why", cmd_compare},
	{"kernels", "show, fetch and verify kernels for guests (`run --env vm:KERNEL`)", cmd_kernels},
	{"restore", "put back settings of this machine that an interrupted run left changed", cmd_restore},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

int report_error(const struct err *err)
{
	fflush(stdout);
	fprintf(stderr, "enomem: %s\n", err->text);
	if (err->advice[0])
		fprintf(stderr, "        %s\n", err->advice);
	return EXIT_USAGE;
}

bool say_waiting(void *context, const char *holder)
{
	static bool told;

	(void)context;
	if (!told)
		fprintf(stderr, "enomem: waiting: %s has this machine's settings to itself\n", holder);
	told = true;
	return schedule_interrupted() == 0;
}

int finish_stdout(int status)
{
	static bool reported;
	struct err err = {0};

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (!reported) {
		err_set_errno(&err, errno ? errno : EIO, "cannot write to stdout");
		report_error(&err);
	}
	reported = true;
	return EXIT_USAGE;
}

/* argp exits by itself after --help: what it printed must have got there, too. */
static void check_stdout_at_exit(void)
{
	if (finish_stdout(0) != 0)
		_exit(EXIT_USAGE);
}

static void print_help(void)
{
	puts("Usage: enomem COMMAND [OPTION...]\n"
	     "\n"
	     "Finds out where and why Linux says \"Cannot allocate memory\": provokes each refusal with a small\n"
	     "isolated program, predicts it to the operation and the page, and proves which check it was.\n"
	     "It needs no privilege, uses no memory to speak of and changes nothing on the host, unless that is\n"
	     "allowed (--allow-host-changes): then everything is put back.\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].summary);
	puts("\n"
	     "  enomem run                        all scenarios, on this host as it is set now\n"
	     "  enomem run many-mmaps -o r.jsonl  one of them, results also as JSON lines\n"
	     "  enomem run --dry-run              only the predictions\n"
	     "  enomem run --plan core --dry-run  the same under other settings, as a table of predictions\n"
	     "  enomem explain big-fork           what happens, by which rule, what to do\n"
	     "  enomem kernels fetch debian:7.2   a kernel for guests; then:\n"
	     "  enomem run --env vm:debian:7.2    the same under another kernel, which is not installed\n"
	     "  enomem compare old.jsonl r.jsonl  what moved between two results, and by what\n"
	     "  enomem run --against old.jsonl    what changed since, as a regression test (--baseline writes one)\n"
	     "\n"
	     "`enomem COMMAND --help` shows a command's options. Exit status: 0 all as predicted, 1 something was\n"
	     "not, 2 bad usage or input, 3 enomem itself failed somewhere, 77 everything was skipped, 128 + signal\n"
	     "when interrupted.");
}

static int unknown_command(const char *name)
{
	struct suggestion near = {0};
	struct err err = {0};

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		suggest_consider(&near, name, commands[i].name);
	err_set(&err, EINVAL, "cannot run command \"%s\": there is none of that name", name);
	if (near.word)
		err_advise(&err, "did you mean \"enomem %s\"?", near.word);
	else
		err_advise(&err, "`enomem --help` shows the commands");
	return report_error(&err);
}

/* Files that whoever started us left open are none of the cells' business. */
static void keep_inherited_files(void)
{
	if (close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	/* Before 5.11 there is no such flag. */
	for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/*
 * A closed standard stream would let the next file opened take its number, and results would go
 * into it. Without stdout nothing is begun; for the others /dev/null stands in.
 */
static int check_streams(void)
{
	struct err err = {0};

	if (fcntl(STDOUT_FILENO, F_GETFD) == -1) {
		err_set(&err, EBADF, "cannot write to stdout: it is closed");
		err_advise(&err, "redirect it to /dev/null if results are only wanted in a file (-o)");
		return report_error(&err);
	}
	while (fcntl(STDIN_FILENO, F_GETFD) == -1 || fcntl(STDERR_FILENO, F_GETFD) == -1) {
		if (open("/dev/null", O_RDWR) == -1)
			return EXIT_USAGE;
	}
	return 0;
}

/* The heap grows in small steps: what we run under may be limited as a cell is (ulimit -d, ulimit -v). */
#define HEAP_STEP_BYTES 16384

int main(int argc, char *argv[])
{
	mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
	if (check_streams() != 0)
		return EXIT_USAGE;
	/* A reader that went away and a file that may not grow are errors like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	atexit(check_stdout_at_exit);
	keep_inherited_files();
	if (argc < 2) {
		print_help();
		return finish_stdout(EXIT_USAGE);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_help();
		return finish_stdout(0);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("enomem " ENOMEM_VERSION);
		return finish_stdout(0);
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	return unknown_command(argv[1]);
}
