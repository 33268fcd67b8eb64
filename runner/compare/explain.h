/* Whether the model explains what moved, and by which facts. Pure. */
#ifndef ENOMEM_COMPARE_EXPLAIN_H
#define ENOMEM_COMPARE_EXPLAIN_H

#include "compare/question.h"

enum explained {
	EXPLAINED_NO,
	EXPLAINED_YES,
	EXPLAINED_UNKNOWN, /* the model cannot say */
};

struct explanation {
	enum explained explained;
	bool predicted;                 /* whether the model could be asked; without it the next three say nothing */
	struct predicted before, after; /* predictions of this enomem's model */
	uint64_t by;                    /* the facts that the predicted change comes from, as a bit mask */
	char text[1000];                /* one sentence */
};

/*
 * Explain a pair that has both cells and is not the same in them. Only -ENOMEM is an error; what
 * the model cannot say is an answer.
 */
int explain_pair(const struct catalogue *catalogue, const struct pair *pair, struct explanation *ret, struct err *err);

/*
 * A small set of facts that, exchanged, gives the prediction `after`: one where one does, else two,
 * else one from which none can be left out. 0 when `after` is BEFORE's own prediction.
 */
uint64_t explain_facts(struct question *question, const struct predicted *after);

#endif
