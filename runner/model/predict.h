/* Predictions: where, by what and with which errno the kernel will refuse, from one state. */
#ifndef ENOMEM_MODEL_PREDICT_H
#define ENOMEM_MODEL_PREDICT_H

#include "model/apply.h"

struct prediction {
	bool refused;   /* false: at_most is reached without a refusal */
	uint64_t least; /* accepted operations or pages: a band where the kernel itself is one */
	uint64_t most;
	uint64_t central; /* what the counter gives as far as it is known; least and most without a band */
	bool exact;       /* `central` is the prediction, and least..most what a disturbance can make of it */
	const char *call; /* the refused call, NULL when nothing is */
	int error;        /* its errno */
	const struct check *check;
	struct comparison comparison;
	uint64_t map_count; /* when the refusal stands */
	enum left left;     /* what it leaves of a mapping that was to be replaced */
};

/*
 * Repeat `operation` up to `at_most` times. An operation must not give back more than it takes, and
 * one whose mprotect makes pages writable under RLIMIT_DATA and RLIMIT_AS at once may be refused
 * for a while only (mprotect_fixup() does not look at the one above the other): for such counts the
 * refusal that bisection finds need not be the first.
 */
struct prediction predict_count(const struct model_state *state, const struct operation *operation, uint64_t at_most);

/* The largest size up to `at_most` pages for which `operation` is accepted as a whole. */
struct prediction predict_size(const struct model_state *state, const struct operation *operation, uint64_t at_most);

/*
 * The state after `count` operations. Each changes the state by the same amounts, so they are
 * scaled instead of repeated: a million operations cost as much as one.
 */
struct model_state state_after(const struct model_state *state, const struct operation *operation, uint64_t count);

#endif
