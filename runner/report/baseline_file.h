/* A baseline as a file: written when a run is over and all of it is fit for one, whole or not at all. */
#ifndef ENOMEM_REPORT_BASELINE_FILE_H
#define ENOMEM_REPORT_BASELINE_FILE_H

#include <jansson.h>

#include "support/err.h"

struct baseline_file {
	const char *path;    /* NULL: none is wanted */
	const char *command; /* that makes it */
	json_t *cells;       /* reduced, in the order of the plan; null where none came yet */
	unsigned count;      /* of cells that came */
	unsigned unfit;      /* of them cannot stand in a baseline */
	char first[200];     /* of these, and why */
};

/*
 * Begin one of `count` cells. An error when there is no place for the file: nothing was written, and nothing
 * should be run. Strings must live as long. Release with baseline_file_free(), which takes a zeroed one, too.
 */
int baseline_file_begin(const char *path, const char *command, unsigned count, struct baseline_file *ret,
			struct err *err);
void baseline_file_free(struct baseline_file *file);

/* Take the result (result_to_json()) of the cell with this index. */
int baseline_file_add(struct baseline_file *file, unsigned index, const json_t *result, struct err *err);

/* Write. -ECANCELED when not every cell came, and is fit: then the file is as it was. */
int baseline_file_write(const struct baseline_file *file, struct err *err);

#endif
