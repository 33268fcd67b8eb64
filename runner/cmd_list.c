/* `enomem list`: the scenarios and their parameters. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "command.h"
#include "plan/catalogue.h"
#include "report/knobs.h"

static const struct argp_option options[] = {
	{"json", 'j', NULL, 0, "as JSON, for programs", 0},
	{"knobs", 'k', NULL, 0, "the settings that can cause or move a refusal, instead of the scenarios", 0},
	{0},
};

struct list_options {
	bool json, knobs;
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct list_options *list = state->input;

	(void)value;
	if (key == ARGP_KEY_ARG)
		argp_error(state, "list takes no arguments");
	if (key == 'j')
		list->json = true;
	else if (key == 'k')
		list->knobs = true;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static void print_parameter(const struct parameter *parameter)
{
	printf("    -p %s=%s", parameter->name, parameter->standard);
	if (parameter->kind == PARAMETER_WORD)
		printf("  (%s)", parameter->words);
	else if (parameter->kind == PARAMETER_NUMBER)
		printf("  (%" PRIu64 " to %" PRIu64 ")", parameter->least, parameter->most);
	printf("  %s\n", parameter->summary);
}

static void print_text(const struct catalogue *catalogue)
{
	for (unsigned i = 0; i < catalogue->count; i++) {
		const struct scenario *scenario = &catalogue->scenarios[i];

		printf("%-16s %s\n", scenario->name, scenario->summary);
		for (unsigned j = 0; j < scenario->parameter_count; j++)
			print_parameter(&scenario->parameters[j]);
	}
}

int cmd_list(int argc, char *argv[])
{
	static const struct argp argp = {
		options, parse_option, "", "Show the scenarios and their parameters, or the knobs.", NULL, NULL, NULL};
	static char name[] = "enomem list";
	struct catalogue catalogue = {0};
	struct err err = {0};
	struct list_options list = {0};
	int status = 0;

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &list);
	if (list.knobs) {
		knobs_print(stdout, list.json);
		return finish_stdout(0);
	}
	if (catalogue_load(&catalogue, &err) < 0) {
		status = report_error(&err);
	} else if (list.json) {
		json_dumpf(catalogue.json, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		print_text(&catalogue);
	}
	catalogue_free(&catalogue);
	return status ? status : finish_stdout(0);
}
