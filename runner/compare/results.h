/* A file of results, or a baseline, read: its records, and what its host is. */
#ifndef ENOMEM_COMPARE_RESULTS_H
#define ENOMEM_COMPARE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/header.h"
#include "compare/host_facts.h"
#include "compare/lines.h"
#include "compare/record.h"

struct results {
	const char *name; /* of the file; lives as long as the caller's */
	struct record *records;
	size_t count, room;
	uint64_t cut_line; /* the last line, when it is cut off and was left out; 0: none */
	struct distinct host[HOST_FACTS];
	bool reduced;          /* its cells say of a host only what a baseline says */
	struct header header;  /* of the baseline whose lines come; zeroed: none */
	uint64_t header_cells; /* that came since */
};

/*
 * Read a whole file. -EINVAL and others name the file, the line and the member. Release with
 * results_free(), which takes a zeroed one and a half-read one, too.
 */
int results_read(const char *path, struct results *ret, struct err *err);
void results_free(struct results *results);

/* Add one result that is read already. */
int results_add_result(struct results *results, uint64_t number, const json_t *json, struct err *err);

/* The same for one line with its number, and for the end of the file: for results_read(), tests and fuzzers. */
int results_add_line(struct results *results, uint64_t number, const struct line *line, struct err *err);
int results_end(const struct results *results, struct err *err);

#endif
