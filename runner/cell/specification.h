/*
 * The cell specification: everything the agent needs to run one cell. It goes to the agent as one
 * JSON object; results/README.md documents the names. The agent follows it and decides nothing.
 */
#ifndef ENOMEM_CELL_SPECIFICATION_H
#define ENOMEM_CELL_SPECIFICATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "snapshot/snapshot.h"
#include "support/err.h"

#define SPECIFICATION_SCHEMA 1
#define SPECIFICATION_WORDS_MOST 8
#define SPECIFICATION_LIMITS_MOST 8
#define SPECIFICATION_PUSHES_MOST 12
#define SPECIFICATION_GROUPS_MOST 2

/* A limit for the scenario; unless it is given, the hard one stays, so that a push can raise the soft one. */
struct limit_setting {
	enum limit_name resource;
	bool at_exec;  /* before the program is started; else when it is READY */
	bool relative; /* over the size at READY: of the address space, or of its data */
	bool has_hard;
	uint64_t bytes; /* processes of nproc; UNLIMITED for none */
	uint64_t hard_bytes;
};

enum push_kind {
	PUSH_LIMIT,  /* raise the soft limit of `resource` by `amount` bytes */
	PUSH_PAGES,  /* the scenario gives back `amount` reserved pages */
	PUSH_MAPS,   /* `amount` maps */
	PUSH_COMMIT, /* `amount` committed pages */
	PUSH_EXEMPT, /* the scenario asks without accounting (MAP_NORESERVE) */
	PUSH_KNOB,   /* the runner raises `knob` by `amount`, in its own unit */
	PUSH_KINDS,
};

struct push {
	enum push_kind kind;
	enum limit_name resource; /* of PUSH_LIMIT */
	uint64_t amount;
	char knob[32]; /* of PUSH_KNOB */
};

struct specification {
	char scenario[64];
	char words[SPECIFICATION_WORDS_MOST][64]; /* "name=value" for the program */
	unsigned word_count;
	uint64_t timeout_ms;
	uint64_t at_most; /* operations or pages */
	uint64_t reserve_maps, reserve_pages, reserve_commit_pages;
	uint64_t synchronise_pages; /* fold every CPU's commit residue by charging so many; 0: do not */
	struct limit_setting limits[SPECIFICATION_LIMITS_MOST];
	unsigned limit_count;
	struct push pushes[SPECIFICATION_PUSHES_MOST];
	unsigned push_count;
	bool ready_only;                          /* take the first snapshot and stop: no request is made */
	bool witness;                             /* have the refused request traced: cell/raise.h */
	int program_fd;                           /* the scenario's program, open for reading */
	int group_fds[SPECIFICATION_GROUPS_MOST]; /* cgroup.procs of the cgroups that the scenario is to be in */
	unsigned group_count;
};

/*
 * Whether a limit is set before the start that may keep the program from ever being READY. One of the
 * stack, which can only be set then, does not.
 */
bool specification_limits_start(const struct specification *specification);

/* "limit", "pages", "maps", "commit", "exempt", "knob". */
const char *push_kind_word(enum push_kind kind);

/* A new reference, NULL when there is no memory. */
json_t *specification_to_json(const struct specification *specification);

/* -EINVAL with the member's name when something is missing or of the wrong kind. */
int specification_from_json(const json_t *json, struct specification *ret, struct err *err);

#endif
