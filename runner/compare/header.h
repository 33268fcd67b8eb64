/* The first line of a baseline: what its cells have in common, and which command makes it. Pure. */
#ifndef ENOMEM_COMPARE_HEADER_H
#define ENOMEM_COMPARE_HEADER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "support/err.h"

/* Zeroed: there is none, and lines are results as `enomem run -o` writes them. */
struct header {
	json_t *common; /* members that lines leave out */
	char *command;
	uint64_t cells; /* that the baseline has */
};

/* Whether a line is a header. */
bool header_is(const json_t *line);

/*
 * Read one. -EINVAL: what is wrong with it, with the member's name, or that it is of another schema and how
 * it is made again; -ENOMEM. Release with header_free(), which takes a zeroed one, too.
 */
int header_from_json(const json_t *line, struct header *ret, struct err *err);
void header_free(struct header *header);

/* Add to `err` how the file is made again. Returns -err->code. */
int header_advise(const struct header *header, struct err *err);

#endif
