/* A table as Markdown. */
#include <stdlib.h>
#include <string.h>

#include "compare/assignments.h"
#include "compare/table_row.h"
#include "model/version.h"
#include "support/append.h"

static void version_text(const struct results *file, char *buffer, size_t size)
{
	int version = kernel_version_parse(file->host[HOST_KERNEL].values[0]);

	snprintf(buffer, size, "%d.%d", version / 1000, version % 1000);
}

/* "7.1"; the release where files are of the same version. */
static void column_text(const struct table *table, unsigned file, char *buffer, size_t size)
{
	char other[32];

	version_text(&table->files[file], buffer, size);
	for (unsigned i = 0; i < table->file_count; i++) {
		version_text(&table->files[i], other, sizeof(other));
		if (i != file && strcmp(other, buffer) == 0) {
			snprintf(buffer, size, "%s", table->files[file].host[HOST_KERNEL].values[0]);
			return;
		}
	}
}

static void print_titles(FILE *stream, const struct table *table)
{
	char text[128];

	fprintf(stream, "| scenario | configuration |");
	for (unsigned i = 0; i < table->file_count; i++) {
		column_text(table, i, text, sizeof(text));
		fprintf(stream, " %s |", text);
	}
	fprintf(stream, "\n| --- | --- |");
	for (unsigned i = 0; i < table->file_count; i++)
		fprintf(stream, " --- |");
	fputc('\n', stream);
}

/* What stands in a file must not end a column. */
static void print_text(FILE *stream, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fprintf(stream, "%s%c", text[i] == '|' ? "\\" : "", text[i]);
}

static bool is_standard(const struct scenario *scenario, const struct assignment *parameter)
{
	for (unsigned i = 0; scenario && i < scenario->parameter_count; i++) {
		const struct parameter *declared = &scenario->parameters[i];

		if (strlen(declared->name) == parameter->name_length &&
		    memcmp(declared->name, parameter->name, parameter->name_length) == 0)
			return strlen(declared->standard) == parameter->value_length &&
			       memcmp(declared->standard, parameter->value, parameter->value_length) == 0;
	}
	return false;
}

/* "mremap-at-limit, kind=shrink": parameters that are not as declared. */
static void print_scenario(FILE *stream, const struct record *key, const struct catalogue *catalogue)
{
	const struct scenario *scenario = catalogue_find(catalogue, key->scenario);
	const char *at = key->parameters;
	struct assignment parameter;

	print_text(stream, key->scenario, strlen(key->scenario));
	while (assignments_next(&at, &parameter)) {
		if (is_standard(scenario, &parameter))
			continue;
		fprintf(stream, ", ");
		print_text(stream, parameter.name, parameter.name_length);
		fputc('=', stream);
		print_text(stream, parameter.value, parameter.value_length);
	}
	if (key->repeat > 1)
		fprintf(stream, ", repeat %llu", (unsigned long long)key->repeat);
}

static void print_row(FILE *stream, const struct table *table, size_t at, bool *printed,
		      const struct catalogue *catalogue)
{
	const struct table_row *row = &table->rows[at];
	char text[256];
	const char *gap = "";

	fprintf(stream, "| ");
	print_scenario(stream, table_row_key(row), catalogue);
	fprintf(stream, " | ");
	for (size_t i = at; i < table->row_count; i++) {
		const char *configuration = table_row_key(&table->rows[i])->configuration;

		if (printed[i] || !table_row_alike(row, &table->rows[i], table->file_count))
			continue;
		fprintf(stream, "%s", gap);
		print_text(stream, configuration, strlen(configuration));
		printed[i] = true;
		gap = ", ";
	}
	fprintf(stream, " |");
	for (unsigned i = 0; i < table->file_count; i++) {
		table_row_text(row, i, text, sizeof(text));
		fputc(' ', stream);
		print_text(stream, text, strlen(text));
		fprintf(stream, " |");
	}
	fputc('\n', stream);
}

int table_print(FILE *stream, const struct table *table, const struct catalogue *catalogue, struct err *err)
{
	bool *printed = calloc(table->row_count + 1, sizeof(*printed));

	if (!printed)
		return err_no_memory(err);
	if (table->row_count)
		print_titles(stream, table);
	else
		fprintf(stream, "Nothing changed between these kernels.\n");
	for (size_t i = 0; i < table->row_count; i++) {
		if (!printed[i])
			print_row(stream, table, i, printed, catalogue);
	}
	if (table->row_count)
		fprintf(stream,
			"\n`=`: as on the kernel before. `-`: not in its file. Where sizes moved it only, it is "
			"the same.\n");
	free(printed);
	return 0;
}
