/*
 * The knobs: every setting that can cause or move a refusal, one table. It says for each who shares
 * it, which environments may set it, how it is put back, and what it moves.
 */
#ifndef ENOMEM_PLAN_KNOB_H
#define ENOMEM_PLAN_KNOB_H

#include <stdbool.h>
#include <stdint.h>

#include "snapshot/snapshot.h"
#include "support/err.h"

/* Who shares a knob's value. */
enum knob_scope { SCOPE_PROCESS, SCOPE_CGROUP, SCOPE_NAMESPACE, SCOPE_MACHINE, SCOPE_GUEST, SCOPES };

/* What its values look like. */
enum knob_kind {
	KNOB_NUMBER,       /* a whole number */
	KNOB_BYTES,        /* with K, M, G, T, or "unlimited" */
	KNOB_LIMIT,        /* SOFT or SOFT:HARD, each with K, M, G, T, "unlimited", or +N over the size at start */
	KNOB_CAPABILITIES, /* names of capabilities, joined by + */
	KNOB_TEXT,         /* as it is */
};

/* Where cells run; bits of knob.environments. */
enum environment_id { ENVIRONMENT_NS, ENVIRONMENT_HOST, ENVIRONMENT_VM, ENVIRONMENT_IDS };

#define IN_NS (1u << ENVIRONMENT_NS)
#define IN_HOST (1u << ENVIRONMENT_HOST)
#define IN_VM (1u << ENVIRONMENT_VM)

enum knob_id {
	KNOB_MAX_MAP_COUNT,
	KNOB_OVERCOMMIT_MEMORY,
	KNOB_OVERCOMMIT_RATIO,
	KNOB_OVERCOMMIT_KBYTES,
	KNOB_ADMIN_RESERVE,
	KNOB_USER_RESERVE,
	KNOB_NR_HUGEPAGES,
	KNOB_PID_MAX,
	KNOB_THREADS_MAX,
	KNOB_SHMALL,
	KNOB_SHMMAX,
	KNOB_LIMIT_AS, /* the limits in the order of enum limit_name */
	KNOB_LIMIT_DATA,
	KNOB_LIMIT_STACK,
	KNOB_LIMIT_MEMLOCK,
	KNOB_LIMIT_NPROC,
	KNOB_MEMORY_MAX,
	KNOB_SWAP_MAX,
	KNOB_PIDS_MAX,
	KNOB_SWAP,
	KNOB_CAPS,
	KNOB_UID,
	KNOB_GUEST_MEMORY,
	KNOB_GUEST_CPUS,
	KNOB_GUEST_SWAP,
	KNOB_GUEST_NUMA,
	KNOB_GUEST_CMDLINE,
	KNOBS,
};

struct knob {
	const char *name;
	const char *file;     /* below /proc/sys, NULL when it is no sysctl */
	const char *put_back; /* how it becomes what it was */
	const char *moves;    /* which refusals, one line */
	uint64_t least, most; /* values that the kernel takes */
	enum knob_id id;
	enum knob_scope scope;
	enum knob_kind kind;
	unsigned environments; /* that may set it: IN_NS, IN_HOST, IN_VM */
};

const struct knob *knob_of(enum knob_id id);

/* By name ("vm/max_map_count" is taken for "vm.max_map_count"); NULL when there is none. */
const struct knob *knob_find(const char *name);

/* "no knob \"vm.max_mapcount\"" with the nearest name as advice. Returns -EINVAL. */
int knob_unknown(const char *name, struct err *err);

const char *scope_word(enum knob_scope scope);
#define SETTING_TEXT_BYTES 256

/* One knob and its value. */
struct setting {
	const struct knob *knob;
	uint64_t value; /* UNLIMITED for "unlimited"; of capabilities a mask */
	uint64_t hard;  /* of a limit, with has_hard */
	bool relative;  /* of a limit: over the size at start */
	bool hard_relative;
	bool has_hard;
	char text[SETTING_TEXT_BYTES]; /* of KNOB_TEXT */
};

/*
 * Read a value. -EINVAL and what the knob takes, as the end of a sentence: "vm.overcommit_memory
 * takes 0 to 2, not \"3\"". *ret is filled only on success.
 */
int setting_parse(const struct knob *knob, const char *text, struct setting *ret, struct err *err);

/* The value as it is written ("1048576", "4G:unlimited", "cap_sys_admin"), into `buffer`, which is returned. */
const char *setting_format(const struct setting *setting, char *buffer, size_t size);

#endif
