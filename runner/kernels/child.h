/* Running another program to its end: its output is collected, and it goes when we are interrupted or die. */
#ifndef ENOMEM_KERNELS_CHILD_H
#define ENOMEM_KERNELS_CHILD_H

#include <stddef.h>

#include "support/err.h"

/* The number under which the program finds the channel of its status lines. */
#define CHILD_STATUS_FD 3

struct child {
	const char *const *argv;                              /* looked for in PATH; ends with NULL */
	const char *directory;                                /* where it runs; NULL: where we are */
	void (*status_line)(void *context, const char *line); /* what it writes to CHILD_STATUS_FD; may be NULL */
	void *context;
};

struct child_result {
	int exit_status; /* 128 + signal when one ended it */
	char *out;       /* stdout, ends with a NUL; owned */
	size_t out_size;
	char errors[8192]; /* the beginning of its stderr */
};

/*
 * Run it in the C locale, without stdin, in a process group of its own. Returns 0 when it has ended, however.
 * -ENOENT there is no such program; -EINTR interrupted (run/scheduler.h), -ETIMEDOUT it was silent for five minutes: it
 * and its children are ended; -EFBIG more output than 16 MiB. Free result->out.
 */
int child_run(const struct child *child, struct child_result *ret, struct err *err);

#endif
