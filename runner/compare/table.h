/*
 * What changed from kernel to kernel, as a table: of several files, those cells that did not do the same in
 * all of them.
 */
#ifndef ENOMEM_COMPARE_TABLE_H
#define ENOMEM_COMPARE_TABLE_H

#include <stdio.h>

#include "compare/results.h"
#include "plan/catalogue.h"

#define TABLE_FILES_MOST 32

struct table_row; /* of one cell, or of several that did the same in all files */

struct table {
	struct results files[TABLE_FILES_MOST]; /* by the version of their kernel */
	unsigned file_count;
	struct table_row *rows; /* sorted by key */
	size_t row_count;
};

/*
 * Read the files, and compare each cell with the same one of the kernel before. Errors are those of
 * results_read() and pairing_sort(), and -EINVAL for a file of several environments, or one that does not say
 * its kernel. Release with table_free(), which takes a zeroed one and a half-made one, too.
 */
int table_make(const char *const *paths, unsigned count, const struct catalogue *catalogue, struct table *ret,
	       struct err *err);
void table_free(struct table *table);

/* As Markdown. -ENOMEM; whether the stream took it is the caller's to ask. */
int table_print(FILE *stream, const struct table *table, const struct catalogue *catalogue, struct err *err);

#endif
