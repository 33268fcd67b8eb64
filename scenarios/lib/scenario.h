/*
 * The contract of a scenario.
 *
 * A scenario is one file in scenarios/. Its name is the file's name. It ends with one constant,
 * `const struct scenario scenario`, which the library's main() uses: `NAME --describe` prints it
 * as JSON for the catalogue, `NAME --run name=value ...` runs it under an agent.
 *
 * Two shapes:
 *   count  `step` is repeated, with numbers 0, 1, 2 ..., until it is refused;
 *   size   the largest number of pages for which `step` is accepted is found by bisection.
 *
 * `operation` says what one step asks of the kernel, one request a line, in the order in which
 * they are made; the runner's model works from nothing else. The words of a request are in
 * runner/model/request.h. `$name` stands for a parameter's value and `$size`, in a size
 * scenario, for the number of pages tried. A line that begins with a condition, `$name=value? `, is
 * left out where the parameter has another value; at most six requests make an operation.
 *
 * From READY on, that is after `prepare`, a scenario allocates nothing but by its requests.
 */
#ifndef ENOMEM_SCENARIOS_SCENARIO_H
#define ENOMEM_SCENARIOS_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "scenarios/lib/record.h"

#define SCENARIO_PARAMETERS_MOST 8
#define SCENARIO_REQUESTS_MOST 8
#define SCENARIO_LIMITS_MOST 2

enum shape { SHAPE_COUNT, SHAPE_SIZE };

enum parameter_kind {
	PARAMETER_NUMBER, /* whole number between least and most */
	PARAMETER_BYTES,  /* number with K, M, G, T, or with a leading + relative to the size at start */
	PARAMETER_WORD,   /* one of `words`, separated by | */
};

struct parameter {
	const char *name;
	const char *summary;
	const char *standard; /* the default */
	const char *words;
	uint64_t least;
	uint64_t most;
	enum parameter_kind kind;
};

/* A resource limit that belongs to the scenario; the agent sets it. */
struct scenario_limit {
	const char *resource; /* "as", "data", ... */
	const char *value;    /* "$parameter" */
	const char *at;       /* "run" (before the first step), "exec" (before the program), "$parameter" */
};

/* What the library hands to the scenario's functions. */
struct run {
	struct record *record;
	uint64_t page_bytes;
	bool exempt; /* make the requests without accounting (MAP_NORESERVE) */
};

struct scenario {
	const char *summary; /* one line */
	const char *lesson;  /* what happens and what it teaches, a paragraph */
	const char *fix;     /* what to do about it, one line */
	enum shape shape;
	bool can_exempt; /* `step` honours run->exempt */
	struct parameter parameters[SCENARIO_PARAMETERS_MOST];
	const char *operation[SCENARIO_REQUESTS_MOST];
	struct scenario_limit limits[SCENARIO_LIMITS_MOST];
	const char *fix_name; /* of `try_fix` */

	/* Make everything ready; 0, or the negative errno of what was refused. May be NULL. */
	int (*prepare)(struct run *run);

	/* One operation: 0 when accepted, else the negative errno that a call_*() returned. */
	int (*step)(struct run *run, uint64_t number);

	/* Size only: undo what the last `step` left. May be NULL. */
	void (*reset)(struct run *run);

	/*
	 * At a refusal: what became of a mapping that the refused call was to replace. It may map
	 * nothing. LEFT_NOT_TRIED when another call was refused. May be NULL.
	 */
	enum record_left (*left)(struct run *run);

	/* At a refusal: try the fix from here, 0 or a negative errno. May be NULL. */
	int (*try_fix)(struct run *run);
};

extern const struct scenario scenario;

/* The value of a declared parameter, as given or its default. Numbers are checked before. */
uint64_t parameter_number(const char *name);
const char *parameter_word(const char *name);

/* Whether the parameter has this value. */
bool parameter_is(const char *name, const char *word);

#endif
