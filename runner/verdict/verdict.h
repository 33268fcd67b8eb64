/*
 * Verdicts: prediction, cause and evidence of one cell, from its observation alone. Pure.
 */
#ifndef ENOMEM_VERDICT_VERDICT_H
#define ENOMEM_VERDICT_VERDICT_H

#include "cell/observation.h"
#include "cell/specification.h"
#include "model/predict.h"
#include "plan/plan.h"

enum verdict_word {
	VERDICT_EXACT,
	VERDICT_OFF,
	VERDICT_NO_REFUSAL,
	VERDICT_KILLED,
	VERDICT_CRASHED,
	VERDICT_TIMEOUT,
	VERDICT_SKIP,
	VERDICT_BROKEN,
	VERDICT_WORDS,
};

enum agreement { AGREES, DISAGREES, ABSENT };

struct push_judgement {
	uint64_t least_more; /* predicted; a band where the commit limit is one */
	uint64_t most_more;
	bool tried;
	bool agrees;
	bool disturbed; /* not the exact prediction, but inside its band */
};

struct verdict {
	enum verdict_word word;
	bool expected;  /* as predicted: counts for exit status 0 */
	bool predicted; /* there was a first snapshot, so there is a prediction */
	struct prediction prediction;
	const struct check *cause; /* the check that refuses in the standing state; NULL: none explains it */
	struct comparison comparison;
	uint64_t difference;        /* between measured and predicted: 0 inside a band */
	bool difference_is_below;   /* refused earlier than predicted */
	uint64_t disturbance_pages; /* in mode 2: how far others moved Committed_AS from start to end */
	uint64_t disturbance;       /* the same in operations (or pages of a size) */
	bool disturbed;             /* something is off the exact prediction, but inside the band */
	enum agreement model, push, witness;
	int witness_origin;        /* index in the witness's chain, -1: none (verdict/testimony.h) */
	const char *witness_how;   /* how it is known that the check is inlined there; NULL: it is not */
	char witness_problem[300]; /* why the witness is absent or disagrees */
	bool start_refused;        /* the program's start was refused: a limit set before exec */
	struct push_judgement pushes[SPECIFICATION_PUSHES_MOST];
	char start_end[32]; /* of a refused start: "SIGSEGV", "exit 127" */
	char reason[740];   /* one sentence, for everything that is not EXACT */
};

const char *verdict_word(enum verdict_word word);
const char *agreement_word(enum agreement agreement);

/* What the model says from the first snapshot. `initial_userns`: capabilities count (no user namespace). */
struct prediction verdict_predict(const struct cell *cell, const struct specification *specification,
				  const struct observation *observation, const struct host_facts *host,
				  bool initial_userns);

struct verdict verdict_of(const struct cell *cell, const struct specification *specification,
			  const struct observation *observation, const struct host_facts *host, bool initial_userns);

/* For a cell that was not run. */
struct verdict verdict_skip(const struct err *err);
struct verdict verdict_broken(const struct err *err);

/* The exit status for a run: 0, 1, 3 or 77, as results/README.md says. Add each, then ask. */
struct tally {
	unsigned cells, words[VERDICT_WORDS], unexpected;
};

void tally_add(struct tally *tally, const struct verdict *verdict);
int tally_exit_status(const struct tally *tally);

#endif
