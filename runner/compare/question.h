/*
 * A question to the model: what would this cell's refusal be, from BEFORE's first snapshot with
 * some of AFTER's facts in it? Pure.
 */
#ifndef ENOMEM_COMPARE_QUESTION_H
#define ENOMEM_COMPARE_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "cell/observation.h"
#include "compare/pairing.h"
#include "plan/plan.h"
#include "snapshot/host.h"

/* A prediction as far as it is compared; "" without a refusal. */
struct predicted {
	bool refused;
	uint64_t least, most; /* the same where it is exact; of no meaning without a refusal */
	const char *call, *error, *check;
	const char *left; /* of a mapping that was to be replaced: "kept" or "hole" */
};

struct question {
	struct plan plan; /* of the one cell */
	char *words;      /* that the values of its parameters are in */
	struct specification specification;
	struct observation observation; /* scratch */
	struct host_facts host;         /* scratch */
	const struct facts *before, *after;
	bool commit_limit_follows; /* from the other facts, on both sides: then it is none by itself */
};

/*
 * Rebuild the pair's cell from the catalogue. Both records must have facts. -EINVAL: the catalogue
 * does not have that scenario, or not with these parameters; -ENOMEM. Release with
 * question_free(), which takes a zeroed one, too. The catalogue and the pair must live as long.
 */
int question_make(const struct catalogue *catalogue, const struct pair *pair, struct question *ret, struct err *err);
void question_free(struct question *question);

/* The facts that differ, as a bit mask. */
uint64_t question_differing(const struct question *question);

/* The prediction when these facts are AFTER's: 0 is BEFORE's own. */
struct predicted question_ask(struct question *question, uint64_t exchanged);

bool predicted_equal(const struct predicted *a, const struct predicted *b);

#endif
