/*
 * Guardians: processes in sessions of their own that put the machine back when the runner dies in
 * whatever way. There are two, so that one of them may be killed together with the runner; the
 * runner replaces one that dies alone.
 */
#ifndef ENOMEM_HOST_GUARDIAN_H
#define ENOMEM_HOST_GUARDIAN_H

#include <sys/types.h>

#include "support/err.h"

#define GUARDIANS 2

struct guardians {
	pid_t pid[GUARDIANS];
	int life[GUARDIANS]; /* our end of a socket pair with each; its end is the other's death. -1: none */
};

/*
 * Start those that are missing. They inherit the machine's lock (every open descriptor), so the next
 * run begins when they have ended. Returns 0 or a negative errno.
 */
int guardians_start(struct guardians *guardians, struct err *err);

/* Replace those that have died. Returns 0 or a negative errno: try again later. */
int guardians_watch(struct guardians *guardians);

/* All is put back: let them go, and wait until they have. */
void guardians_dismiss(struct guardians *guardians);

#endif
