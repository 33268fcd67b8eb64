/* `enomem compare`: what moved between two results files, and whether the model explains it. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "compare/comparison.h"
#include "compare/table.h"

/* Something moved, changed or is missing. */
#define EXIT_MOVED 1

struct compare_options {
	const char *files[TABLE_FILES_MOST];
	unsigned file_count;
	bool json, functions, table;
};

enum { OPTION_FUNCTIONS = 256, OPTION_TABLE };

static const struct argp_option options[] = {
	{"format", 'f', "text|json", 0, "how to print (text)", 0},
	{"functions", OPTION_FUNCTIONS, NULL, 0,
	 "list where checks moved from one function of the kernel to another (no change of what it does)", 0},
	{"table", OPTION_TABLE, NULL, 0,
	 "of two files or more, one for each kernel: print what changed between kernels, as a Markdown table", 0},
	{0},
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct compare_options *chosen = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (chosen->file_count == TABLE_FILES_MOST)
			argp_error(state, "compare takes no more than %d files", TABLE_FILES_MOST);
		chosen->files[chosen->file_count++] = value;
		break;
	case ARGP_KEY_END:
		if (chosen->file_count < 2)
			argp_error(state, "compare what? give two files that `enomem run -o FILE` wrote");
		if (chosen->file_count > 2 && !chosen->table)
			argp_error(state, "compare takes two files; with --table more");
		if (chosen->table && chosen->json)
			argp_error(state, "cannot use --table with --format json: it is Markdown");
		break;
	case 'f':
		chosen->json = strcmp(value, "json") == 0;
		if (!chosen->json && strcmp(value, "text") != 0)
			argp_error(state, "cannot use --format %.40s: it takes text or json", value);
		break;
	case OPTION_TABLE: chosen->table = true; break;
	case OPTION_FUNCTIONS: chosen->functions = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* What was left out of a file must be said, but is no reason to compare nothing. */
static void warn_of_cut_line(const struct results *results)
{
	if (!results->cut_line)
		return;
	fprintf(stderr, "enomem: warning: %s: line %" PRIu64 " is cut off and left out\n", results->name,
		results->cut_line);
}

static int print(struct comparison_set *comparison, const struct compare_options *chosen, struct err *err)
{
	struct catalogue catalogue = {0};
	int status = catalogue_load(&catalogue, err);

	comparison->lists_functions = chosen->functions;
	if (status == 0)
		status = comparison_judge(comparison, &catalogue, err);
	if (status == 0 && chosen->json)
		status = comparison_print_json(stdout, comparison, &catalogue, err);
	else if (status == 0)
		status = comparison_print_text(stdout, comparison, &catalogue, err);
	catalogue_free(&catalogue);
	return status;
}

static int print_table(const struct compare_options *chosen)
{
	struct catalogue catalogue = {0};
	struct table table = {0};
	struct err err = {0};
	int status = catalogue_load(&catalogue, &err);

	if (status == 0)
		status = table_make(chosen->files, chosen->file_count, &catalogue, &table, &err);
	for (unsigned i = 0; i < table.file_count; i++)
		warn_of_cut_line(&table.files[i]);
	if (status == 0)
		status = table_print(stdout, &table, &catalogue, &err);
	table_free(&table);
	catalogue_free(&catalogue);
	return finish_stdout(status < 0 ? report_error(&err) : 0);
}

int cmd_compare(int argc, char *argv[])
{
	static const struct argp argp = {
		options,
		parse_option,
		"BEFORE AFTER\n--table FILE...",
		"Say what moved between two files of results or baselines, by how much, and by which facts the "
		"model explains it. Between guests (environment vm:), refusals that moved exactly as the model says "
		"for the size of RAM and of the program are summed up and do not count."
		"\vExit status: 0 nothing moved, 1 something moved, changed or is missing, 2 bad usage or input.",
		NULL,
		NULL,
		NULL};
	static char name[] = "enomem compare";
	struct compare_options chosen = {0};
	struct comparison_set comparison;
	struct err err = {0};
	int status;

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &chosen);
	if (chosen.table)
		return print_table(&chosen);
	status = comparison_make(chosen.files[0], chosen.files[1], &comparison, &err);
	if (status == 0) {
		warn_of_cut_line(&comparison.before);
		warn_of_cut_line(&comparison.after);
		status = print(&comparison, &chosen, &err);
	}
	status = status < 0 ? report_error(&err) : comparison.moved || comparison.missing ? EXIT_MOVED : 0;
	comparison_free(&comparison);
	return finish_stdout(status);
}
