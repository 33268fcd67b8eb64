#include "compare/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare/pairing.h"
#include "compare/table_row.h"
#include "model/version.h"

static int by_version(const void *a, const void *b)
{
	const struct results *one = a, *other = b;
	const char *first = one->host[HOST_KERNEL].values[0], *second = other->host[HOST_KERNEL].values[0];
	int order = kernel_version_parse(first) - kernel_version_parse(second);

	if (order == 0)
		order = strcmp(first, second);
	return order ? order : strcmp(one->name, other->name);
}

static int read_file(const char *path, struct results *ret, struct err *err)
{
	int status = results_read(path, ret, err);

	if (status == 0)
		status = pairing_sort(ret, err);
	if (status < 0)
		return status;
	if (!results_environment(ret)) {
		err_set(err, EINVAL, "cannot make a table of %.200s: it has several environments", path);
		return err_advise(err, "give one file for each kernel");
	}
	if (ret->host[HOST_KERNEL].count == 1)
		return 0;
	err_set(err, EINVAL, "cannot make a table of %.200s: it has %s", path,
		ret->host[HOST_KERNEL].count ? "several kernels" : "no kernel");
	return err_advise(err, "give one file for each kernel");
}

/* The least key among the next records of all files; NULL at the end. */
static const struct record *next_key(const struct table *table, const size_t *next)
{
	const struct record *key = NULL;

	for (unsigned i = 0; i < table->file_count; i++) {
		const struct record *record = &table->files[i].records[next[i]];

		if (next[i] < table->files[i].count && (!key || record_compare(record, key, true) < 0))
			key = record;
	}
	return key;
}

static void take_row(const struct table *table, const struct record *key, size_t *next, struct table_row *ret)
{
	*ret = (struct table_row){0};
	for (unsigned i = 0; i < table->file_count; i++) {
		const struct record *record = &table->files[i].records[next[i]];

		if (next[i] == table->files[i].count || record_compare(record, key, true) != 0)
			continue;
		ret->cells[i] = record;
		next[i]++;
	}
}

static int add_row(struct table *table, const struct table_row *row, struct err *err)
{
	struct table_row *rows = reallocarray(table->rows, table->row_count + 1, sizeof(*rows));

	if (!rows)
		return err_no_memory(err);
	table->rows = rows;
	rows[table->row_count++] = *row;
	return 0;
}

static int make_rows(struct table *table, const struct catalogue *catalogue, struct err *err)
{
	size_t next[TABLE_FILES_MOST] = {0};
	const struct record *key;
	struct table_row row;

	while ((key = next_key(table, next))) {
		int status;

		take_row(table, key, next, &row);
		status = table_row_judge(&row, table->file_count, catalogue, err);
		if (status > 0)
			status = add_row(table, &row, err);
		if (status < 0)
			return status;
	}
	return 0;
}

int table_make(const char *const *paths, unsigned count, const struct catalogue *catalogue, struct table *ret,
	       struct err *err)
{
	int status = 0;

	*ret = (struct table){0};
	for (unsigned i = 0; i < count && status == 0; i++)
		status = read_file(paths[i], &ret->files[ret->file_count++], err);
	if (status < 0)
		return status;
	qsort(ret->files, ret->file_count, sizeof(ret->files[0]), by_version);
	return make_rows(ret, catalogue, err);
}

void table_free(struct table *table)
{
	for (unsigned i = 0; i < table->file_count; i++)
		results_free(&table->files[i]);
	free(table->rows);
	*table = (struct table){0};
}
