/*
 * Isolation of a cell on this kernel: which namespaces and other protections can be had here,
 * found by trying, and entering them.
 *
 * Real root is dropped to an unprivileged uid before anything else runs: a process whose uid is
 * global root may write vm.* whatever its namespaces and capabilities are
 * (fs/proc/proc_sysctl.c test_perm()).
 */
#ifndef ENOMEM_ENVIRONMENT_ISOLATION_H
#define ENOMEM_ENVIRONMENT_ISOLATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "plan/configuration.h"
#include "support/err.h"

enum isolation_wish {
	ISOLATION_AUTO,       /* what can be had; the result says what could not */
	ISOLATION_NAMESPACES, /* all of it, or an error */
	ISOLATION_NONE,       /* no namespaces; uid and capabilities are dropped all the same */
};

struct isolation {
	uint64_t namespaces; /* CLONE_NEW* flags to use */
	bool own_proc;       /* a fresh /proc with /proc/sys read-only */
	bool drops_uid;      /* from real root to uid and gid below */
	uid_t uid;           /* that the scenario runs as */
	gid_t gid;
	char missing[256]; /* what was wished for and refused: "user namespace (EPERM), ..." */

	/* Of single cells, as their configuration says. */
	uint64_t capabilities;       /* kept, in the initial user namespace; a mask */
	char shmall[24], shmmax[24]; /* of the cell's own ipc namespace; "" as they are */
};

/*
 * The isolation of one cell: `all` but for what its configuration says of uid, capabilities and ipc
 * sysctls. -EPERM when that cannot be had here: such a cell is to be skipped. Uid 0 is for the host
 * environment only, since who has it may write vm.*.
 */
int isolation_of_cell(const struct isolation *all, const struct configuration *configuration,
		      enum environment_id environment, struct isolation *ret, struct err *err);

/* "auto", "namespaces", "none"; -EINVAL for another word. */
int isolation_wish_from_word(const char *word, enum isolation_wish *ret);

/*
 * Find out what can be had, by having short-lived children enter it. Some milliseconds.
 * -EPERM when ISOLATION_NAMESPACES was wished for and something is missing.
 */
int isolation_probe(enum isolation_wish wish, struct isolation *ret, struct err *err);

/* As it appears in results. A new reference, NULL when there is no memory. */
json_t *isolation_to_json(const struct isolation *isolation);

/* The same back, from a guest. -EINVAL when it is none. */
int isolation_from_json(const json_t *json, struct isolation *ret, struct err *err);

/*
 * Start a child in the namespaces, with its uid map written, stopped until isolation_release().
 * Returns its pid in the parent, 0 in the child, or a negative errno. *ret_gate is the parent's
 * (or the child's) end of the gate: the parent keeps it open as long as it lives.
 */
pid_t isolation_clone(const struct isolation *isolation, int *ret_gate, struct err *err);

/* Parent: let the child go on. */
int isolation_release(int gate);

/*
 * Child: wait for the release, then enter: /proc, uid, capabilities, no_new_privs, death signal.
 * Returns 0 or a negative errno, with the step that failed in *ret_step.
 */
int isolation_enter(const struct isolation *isolation, int gate, const char **ret_step);

#endif
