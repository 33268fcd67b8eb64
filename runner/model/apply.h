/* Making requests against a state: what the kernel would do, without a kernel. */
#ifndef ENOMEM_MODEL_APPLY_H
#define ENOMEM_MODEL_APPLY_H

#include "model/check.h"

/* What a refused call left of the mapping that it was to replace (mmap with MAP_FIXED). */
enum left {
	LEFT_NOT_ASKED, /* it was to replace none */
	LEFT_KEPT,      /* the old mapping, as it was */
	LEFT_HOLE,      /* nothing */
};

/* "kept" or "hole", NULL for LEFT_NOT_ASKED. */
const char *left_word(enum left left);

struct refusal_reason {
	const struct check *check; /* NULL: nothing refused */
	struct comparison comparison;
	unsigned request; /* index in the operation */
	enum left left;
};

/*
 * Make one request: true and *state changed when it is accepted; false and *ret filled when a
 * check refuses. A refused call can leave splits or a hole behind, as in the kernel; charges it gives back.
 */
bool apply_request(struct model_state *state, const struct request *request, struct refusal_reason *ret);

/* Make all requests of an operation, up to the first refusal. */
bool apply_operation(struct model_state *state, const struct operation *operation, struct refusal_reason *ret);

#endif
