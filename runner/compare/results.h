/* A results file, read: its records, and what its host is. */
#ifndef ENOMEM_COMPARE_RESULTS_H
#define ENOMEM_COMPARE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/host_facts.h"
#include "compare/lines.h"
#include "compare/record.h"

struct results {
	const char *name; /* of the file; lives as long as the caller's */
	struct record *records;
	size_t count, room;
	uint64_t cut_line; /* the last line, when it is cut off and was left out; 0: none */
	struct distinct host[HOST_FACTS];
};

/*
 * Read a whole file. -EINVAL and others name the file, the line and the member. Release with
 * results_free(), which takes a zeroed one and a half-read one, too.
 */
int results_read(const char *path, struct results *ret, struct err *err);
void results_free(struct results *results);

/* The same for one line with its number, and for the end of the file: for results_read(), tests and fuzzers. */
int results_add_line(struct results *results, uint64_t number, const struct line *line, struct err *err);
int results_end(const struct results *results, struct err *err);

#endif
