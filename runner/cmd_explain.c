/* `enomem explain`: the lesson of a scenario. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>

#include "command.h"
#include "report/lesson.h"
#include "run/session.h"

#define PARAMETERS_GIVEN_MOST 16

struct explain_options {
	const char *scenario;
	const char *parameters[PARAMETERS_GIVEN_MOST];
	unsigned parameter_count;
};

static const struct argp_option options[] = {
	{"param", 'p', "NAME=VALUE", 0, "set a parameter of the scenario", 0},
	{0},
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct explain_options *explain = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (explain->scenario)
			argp_error(state, "explain takes one scenario");
		explain->scenario = value;
		break;
	case ARGP_KEY_NO_ARGS: argp_error(state, "explain what? `enomem list` shows the scenarios"); break;
	case 'p':
		if (explain->parameter_count == PARAMETERS_GIVEN_MOST)
			argp_error(state, "too many parameters");
		explain->parameters[explain->parameter_count++] = value;
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The program is started to read its numbers, and makes no request. */
static int explain(struct session *session, struct err *err)
{
	struct schedule schedule = session_schedule(session);
	int status;

	session->dry_run = true;
	status = session_prepare(session, ISOLATION_AUTO, err);
	if (status == 0 && session->plan.count > 1)
		status = err_set(err, EINVAL, "cannot explain more than one scenario at a time: give one name");
	if (status < 0)
		return report_error(err);
	schedule.settings.ready_only = true;
	schedule_catch_interrupts();
	status = session_run(session, &schedule, err);
	if (status == -ENOMEM) {
		err_no_memory(err);
		return report_error(err);
	}
	if (status < 0)
		return 128 + schedule_interrupted();
	lesson_print(stdout, session->results[0]);
	return finish_stdout(session->results[0]->verdict.word == VERDICT_BROKEN ? EXIT_BROKEN : 0);
}

int cmd_explain(int argc, char *argv[])
{
	static const struct argp argp = {
		options, parse_option, "SCENARIO", "Teach one scenario: what happens, the kernel's rules, what to do.",
		NULL,    NULL,         NULL};
	static char name[] = "enomem explain";
	struct explain_options chosen = {0};
	struct choice choice;
	struct selection selection = {
		.choices = &choice, .choice_count = 1, .repeats = 1, .parameters = chosen.parameters};
	struct session session;
	struct err err = {0};
	int status;

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &chosen);
	choice = (struct choice){.pattern = chosen.scenario};
	selection.parameter_count = chosen.parameter_count;
	status = session_begin(&selection, &session, &err);
	status = status < 0 ? report_error(&err) : explain(&session, &err);
	session_end(&session);
	return status;
}
