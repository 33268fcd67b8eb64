/* A row of a table: a cell in each of the files. */
#ifndef ENOMEM_COMPARE_TABLE_ROW_H
#define ENOMEM_COMPARE_TABLE_ROW_H

#include "compare/table.h"

struct table_row {
	const struct record *cells[TABLE_FILES_MOST]; /* NULL: the file does not have it */
	bool same[TABLE_FILES_MOST];                  /* as in the last file before that has it */
};

/* Any of its cells: they have the key in common. */
const struct record *table_row_key(const struct table_row *row);

/* Compare each with the one before. 1 when one of them changed, 0 when none did, or -ENOMEM. */
int table_row_judge(struct table_row *row, unsigned count, const struct catalogue *catalogue, struct err *err);

/* "65508, mmap: ENOMEM (map-count)", "no refusal", "=" for the same as before, "-" for none. */
void table_row_text(const struct table_row *row, unsigned file, char *buffer, size_t size);

/* Whether two rows of the same scenario and parameters have the same texts. */
bool table_row_alike(const struct table_row *a, const struct table_row *b, unsigned count);

#endif
