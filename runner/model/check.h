/*
 * The kernel's checks as data: what each compares, which errno it gives, which knob moves it,
 * and the function it stands in by kernel version.
 *
 * Sources read: Linux 5.10, 6.1, 6.12, 6.19, 7.2 (mm/mmap.c, mm/vma.c, mm/mprotect.c, mm/mremap.c,
 * mm/madvise.c, mm/mlock.c, mm/util.c, kernel/fork.c).
 */
#ifndef ENOMEM_MODEL_CHECK_H
#define ENOMEM_MODEL_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/request.h"
#include "model/state.h"

/* Both sides of a comparison that refused. */
struct comparison {
	uint64_t value; /* what the request brings it to, or what it is when the check looks at it */
	uint64_t limit;
	char text[200]; /* "map count 65531 > vm.max_map_count 65530" */
};

/* Where a check stands in the kernel, from this version on (the first that is known to have it there). */
struct place {
	kernel_version since;
	const char *function;
	const char *file;
};

#define CHECK_PLACES_MOST 5

struct check {
	const char *name;
	const char *knob;            /* that moves it; "" for none */
	const char *rule;            /* one sentence: when it refuses */
	const char *fix;             /* one line: what to do about it */
	kernel_version since, until; /* [since, until) */
	int error;                   /* errno of the system call */
	struct place places[CHECK_PLACES_MOST];
	/*
	 * Of mmap with MAP_FIXED: in versions before this one, what was mapped there is unmapped before the
	 * check is made, so that a refusal leaves a hole. 0: a refusal leaves it as it was.
	 */
	kernel_version unmaps_until;

	/* Whether it refuses; fills *ret only then. */
	bool (*refuses)(const struct model_state *state, const struct request *request, struct comparison *ret);
};

/* Where the check stands in this version. */
const struct place *check_place(const struct check *check, kernel_version version);

/*
 * The checks of a call that come before it changes anything, in the kernel's order; NULL ends it.
 * Checks of other versions are in it too: see check_holds().
 */
const struct check *const *checks_of(enum request_call call);

/* The check made for each VMA that the call must split, NULL when it splits none. */
const struct check *const *split_checks_of(enum request_call call);

bool check_holds(const struct check *check, kernel_version version);

/* By name, for results and lessons; NULL when there is none. */
const struct check *check_find(const char *name);

#endif
