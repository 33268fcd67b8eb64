/*
 * Captured cells (cells/NAME.json): host, specification and the agent's observation of one cell,
 * with the catalogue of the build that made them (cells/catalogue.json).
 */
#ifndef ENOMEM_TESTS_FIXTURES_H
#define ENOMEM_TESTS_FIXTURES_H

#include "plan/plan.h"
#include "verdict/verdict.h"

struct fixture {
	struct catalogue catalogue;
	struct plan plan;
	const struct cell *cell;
	struct host_facts host;
	struct specification specification;
	struct observation observation;
};

/* Anything that is missing or wrong fails the test. Release with fixture_free(). */
struct fixture *fixture_load(const char *name);
void fixture_free(struct fixture *fixture);

/* The same from a line of guests/VERSION.jsonl; takes over the reference. `name` is for messages. */
struct fixture *fixture_from_json(json_t *json, const char *name);

/* The catalogue alone. Release with catalogue_free(). */
void fixture_catalogue(struct catalogue *ret);

/* As in the `ns` environment: capabilities are those of a user namespace. */
struct verdict fixture_verdict(const struct fixture *fixture);

#endif
