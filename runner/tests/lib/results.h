/*
 * Results made of captured cells, as `enomem run -o` would have written them, for comparing.
 */
#ifndef ENOMEM_TESTS_RESULTS_H
#define ENOMEM_TESTS_RESULTS_H

#include "compare/pairing.h"
#include "lib/fixtures.h"

/* The result of a captured cell (cells/NAME.json). A new reference. */
json_t *result_of_cell(const char *name);

/*
 * The results of all cells of a kernel (guests/VERSION.jsonl), as an array. Each has a
 * configuration of its own, "line N", since a cell stands there under several settings.
 */
json_t *results_of_guest(const char *version);

/* Set a member at a path like "snapshots.before.machine.max_map_count"; takes over `value`. */
void result_set(json_t *result, const char *path, json_t *value);

/* Add a result as the next line of a file; takes over the reference. Failing fails the test. */
void results_add(struct results *results, json_t *result);

/* The same that must be refused; `err` says how. */
void results_add_bad(struct results *results, json_t *result, struct err *err);

#endif
