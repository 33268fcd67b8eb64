/*
 * The observation: what the agent saw of one cell, without judgement. It comes from the agent as
 * one JSON object on one line; results/README.md documents the names.
 */
#ifndef ENOMEM_CELL_OBSERVATION_H
#define ENOMEM_CELL_OBSERVATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "cell/specification.h"
#include "snapshot/snapshot.h"
#include "support/err.h"

#define OBSERVATION_SCHEMA 1

/* How the scenario ended. */
enum outcome {
	OUTCOME_READY,      /* stopped at READY, as asked */
	OUTCOME_REFUSED,    /* a refusal stood */
	OUTCOME_DONE,       /* at_most reached without one */
	OUTCOME_UNPREPARED, /* refused while it prepared, before the first snapshot */
	OUTCOME_NO_START,   /* died before it could prepare: `died` says how */
	OUTCOME_DIED,       /* died while it ran */
	OUTCOME_TIMEOUT,
	OUTCOME_BROKEN, /* the agent failed: `problem` says how */
	OUTCOMES,
};

/* A process's end, as waitid() gives it. */
struct death {
	bool known;
	int exit_status; /* -1 when it was killed */
	int signal;      /* 0 when it exited */
};

struct refusal {
	char call[16];
	int kernel_errno;
	int api_errno;
	uint64_t pages;   /* length of the refused call */
	uint64_t address; /* 0 when the kernel was to choose */
};

struct push_result {
	int error;     /* 0, or why it could not be made */
	bool refused;  /* false: it went on to at_most */
	uint64_t more; /* operations or pages accepted beyond the refusal before */
};

/* The refused request made once more while somebody traced it. */
struct traced {
	bool asked;
	int error;     /* 0, or why it was not traced */
	bool refused;  /* again */
	uint64_t more; /* operations or pages accepted meanwhile: 0 unless something else had changed */
};

struct observation {
	enum outcome outcome;
	char problem[700];
	bool has_before, has_refusal, has_after;
	struct snapshot before;        /* at READY */
	struct snapshot standing;      /* at the refusal */
	struct machine_snapshot after; /* at the end: what else moved */
	uint64_t at_most;              /* as the scenario cut it */
	uint64_t accepted;             /* operations, or pages of a size, until it ended in whatever way */
	struct refusal refusal;
	char left[8];            /* of a mapping that the refused call was to replace: "kept", "hole", "" not tried */
	bool commit_keeps_pages; /* a commit push gives back the charge alone, not the pages */
	bool synchronised;       /* every CPU's commit residue was 0 just before the first snapshot */
	bool fix_tried;
	int fix_errno;
	struct push_result pushes[SPECIFICATION_PUSHES_MOST];
	unsigned push_count;
	struct traced traced;
	struct death died;
	int cpu;           /* OS index of the one CPU it was bound to; -1: it could use several */
	uint64_t loop_ns;  /* the scenario's own loop, up to the first refusal */
	uint64_t total_ns; /* the agent's, from the specification to the scenario's end */
};

const char *outcome_word(enum outcome outcome);

/* A new reference, NULL when there is no memory. */
json_t *observation_to_json(const struct observation *observation);

/* -EINVAL with the member's name. Bytes from outside: anything may be in it. */
int observation_from_json(const json_t *json, struct observation *ret, struct err *err);

/* The same for the parts that results show again. */
json_t *snapshot_to_json(const struct snapshot *snapshot);
json_t *machine_to_json(const struct machine_snapshot *machine);
int snapshot_from_json(const json_t *json, struct snapshot *ret, struct err *err);
int machine_from_json(const json_t *json, struct machine_snapshot *ret, struct err *err);

#endif
