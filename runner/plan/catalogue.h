/*
 * The catalogue: what the scenario programs say of themselves (`--describe`), collected when the
 * project is built, and where the programs lie.
 */
#ifndef ENOMEM_PLAN_CATALOGUE_H
#define ENOMEM_PLAN_CATALOGUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/request.h"
#include "support/err.h"

#define PARAMETERS_MOST 8
#define SCENARIO_LIMITS_MOST 2
#define SCENARIO_REQUESTS_MOST 8 /* lines; of those with a condition not all are made */

enum parameter_kind { PARAMETER_NUMBER, PARAMETER_BYTES, PARAMETER_WORD };

/* Strings point into the catalogue's JSON and live as long as it. */
struct parameter {
	const char *name, *summary, *standard;
	const char *words; /* of PARAMETER_WORD: "a|b|c" */
	uint64_t least, most;
	enum parameter_kind kind;
};

struct scenario_limit {
	const char *resource, *value, *at;
};

struct scenario {
	const char *name, *summary, *lesson, *fix;
	const char *fix_name; /* NULL when it has none to try */
	bool is_size;         /* else a count */
	bool can_exempt;
	struct parameter parameters[PARAMETERS_MOST];
	unsigned parameter_count;
	const char *operation[SCENARIO_REQUESTS_MOST];
	unsigned operation_count;
	struct scenario_limit limits[SCENARIO_LIMITS_MOST];
	unsigned limit_count;
};

struct catalogue {
	json_t *json;
	char directory[4096]; /* with enomem-agent and scenarios/ in it */
	struct scenario *scenarios;
	unsigned count;
};

/*
 * Load catalogue.json of the directory: $ENOMEM_LIBEXEC, else beside the program (a build tree),
 * else ../libexec/enomem (installed). Release with catalogue_free(), which takes a zeroed one too.
 */
int catalogue_load(struct catalogue *ret, struct err *err);
void catalogue_free(struct catalogue *catalogue);

/* The directory of which catalogue_load() speaks, by what is there; plans/ is in it, too. */
int catalogue_find_directory(char *directory, size_t size, struct err *err);

/* Parse a catalogue's JSON; takes over the reference. For catalogue_load(), tests and fuzzers. */
int catalogue_from_json(json_t *json, struct catalogue *ret, struct err *err);

/* By name; NULL when there is none. */
const struct scenario *catalogue_find(const struct catalogue *catalogue, const char *name);
const struct parameter *scenario_parameter(const struct scenario *scenario, const char *name);

#endif
