/* Predictions: where, by what and with which errno the kernel will refuse, from one state. */
#ifndef ENOMEM_MODEL_PREDICT_H
#define ENOMEM_MODEL_PREDICT_H

#include "model/apply.h"

struct prediction {
	bool refused;        /* false: at_most is reached without a refusal */
	uint64_t least;      /* accepted operations or pages: a band where the kernel itself is one */
	uint64_t most;
	uint64_t central;    /* what the exact sum of the commit charge gives; least and most without a band */
	const char *call;    /* the refused call, NULL when nothing is */
	int error;           /* its errno */
	const struct check *check;
	struct comparison comparison;
	uint64_t map_count;  /* when the refusal stands */
};

/* Repeat `operation` up to `at_most` times. */
struct prediction predict_count(const struct model_state *state, const struct operation *operation, uint64_t at_most);

/* The largest size up to `at_most` pages for which `operation` is accepted as a whole. */
struct prediction predict_size(const struct model_state *state, const struct operation *operation, uint64_t at_most);

#endif
