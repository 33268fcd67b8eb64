/* `enomem run`: cells, their results, and what they add up to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "report/json_lines.h"
#include "report/progress.h"
#include "report/text.h"
#include "support/wait.h"
#include "run/session.h"
#include "run_options.h"

/* Where results go while they come in. */
struct reporter {
	const struct run_options *options;
	const struct schedule *schedule;
	struct json_lines file, out;
	struct progress progress;
	struct tally tally;
	unsigned printed; /* results on stdout as text so far: in the order of the plan */
	bool output_failed;
	bool colour;
};

static void report_failure(struct reporter *reporter, const struct err *err)
{
	reporter->output_failed = true;
	report_error(err);
}

/*
 * Text rows come in the order of the plan, so an early one may have to wait for its predecessors;
 * at the end, which may be an interrupt, for none.
 */
static void print_rows(struct reporter *reporter, bool at_end)
{
	const struct schedule *schedule = reporter->schedule;

	for (; reporter->printed < schedule->count; reporter->printed++) {
		const struct result *result = schedule->results[reporter->printed];

		if (!at_end && (!result || !result->ended))
			break;
		if (!result || !result->ended)
			continue;
		if (reporter->options->dry_run)
			text_prediction(stdout, result);
		else
			text_result(stdout, result, result->cell->repeat > 1 && result->verdict.word == VERDICT_EXACT,
				    reporter->colour);
		schedule_release(schedule, result);
	}
	fflush(stdout);
}

static void on_ended(void *context, struct result *result)
{
	struct reporter *reporter = context;
	struct err err = {0};

	tally_add(&reporter->tally, &result->verdict);
	progress_clear(&reporter->progress);
	if (reporter->file.fd >= 0 && json_lines_add(&reporter->file, result, &err) < 0)
		report_failure(reporter, &err);
	if (reporter->out.fd >= 0 && json_lines_add(&reporter->out, result, &err) < 0)
		report_failure(reporter, &err);
	if (reporter->options->json)
		schedule_release(reporter->schedule, result);
	else
		print_rows(reporter, false);
}

static void on_tick(void *context, unsigned ended, unsigned running)
{
	struct reporter *reporter = context;

	progress_draw(&reporter->progress, ended, running);
}

static int check_cpu(const struct run_options *options, const struct topology *topology, struct err *err)
{
	if (options->cpu < 0 || topology_has_cpu(topology, (unsigned)options->cpu))
		return 0;
	err_set(err, EINVAL, "cannot use --cpu %d: there is no such CPU, or we may not use it", options->cpu);
	return err_advise(err, "this process may use %u CPUs; see /proc/self/status, Cpus_allowed_list",
			  topology->usable);
}

/* One CPU each, so no more cells at a time than CPUs. */
static unsigned limit_jobs(const struct run_options *options, const struct topology *topology)
{
	if (options->jobs <= topology->usable)
		return (unsigned)options->jobs;
	fprintf(stderr, "enomem: running %u cells at a time, not %u: each has a CPU of its own\n", topology->usable,
		(unsigned)options->jobs);
	return topology->usable;
}

static int begin_output(struct reporter *reporter, const struct session *session, struct err *err)
{
	const struct run_options *options = reporter->options;
	int status = 0;

	reporter->file.fd = reporter->out.fd = -1;
	reporter->colour = text_wants_colour(stdout);
	if (options->output)
		status = json_lines_open(options->output, &reporter->file, err);
	if (status < 0)
		return status;
	if (options->json) {
		json_lines_attach(STDOUT_FILENO, "to stdout", &reporter->out);
	} else {
		text_host(stdout, &session->facts);
		if (!options->dry_run)
			text_titles(stdout);
	}
	progress_begin(&reporter->progress, session->plan.count);
	return 0;
}

static int end_output(struct reporter *reporter, uint64_t wall_ns, int status)
{
	struct err err = {0};

	progress_clear(&reporter->progress);
	if (!reporter->options->json)
		print_rows(reporter, true);
	if (!reporter->options->json && !reporter->options->dry_run)
		text_tally(stdout, &reporter->tally, wall_ns);
	if (json_lines_close(&reporter->file, &err) < 0)
		report_failure(reporter, &err);
	if (status == -ENOMEM) {
		err_no_memory(&err);
		report_failure(reporter, &err);
	} else if (status < 0) {
		fprintf(stderr, "enomem: interrupted; %u of %u cells had ended and are reported\n",
			reporter->tally.cells, reporter->schedule->count);
		return 128 + schedule_interrupted();
	}
	if (reporter->output_failed)
		return EXIT_USAGE;
	return finish_stdout(reporter->options->dry_run && !reporter->tally.words[VERDICT_BROKEN]
				     ? 0
				     : tally_exit_status(&reporter->tally));
}

static int run_session(const struct run_options *options, struct session *session, struct err *err)
{
	struct schedule schedule = session_schedule(session);
	struct reporter reporter = {.options = options, .schedule = &schedule};
	uint64_t started_ns = monotonic_ns();
	int status = check_cpu(options, &session->facts.topology, err);

	if (status == 0)
		status = session_prepare(session, options->wish, err);
	if (status == 0)
		status = begin_output(&reporter, session, err);
	if (status < 0)
		return report_error(err);
	schedule.jobs = limit_jobs(options, &session->facts.topology);
	schedule.settings =
		(struct run_settings){options->timeout_ms, options->at_most, schedule.jobs, options->dry_run};
	schedule.cpu = options->cpu;
	schedule.ended = on_ended;
	schedule.tick = on_tick;
	schedule.callback_context = &reporter;
	schedule_catch_interrupts();
	status = schedule_run(&schedule);
	return end_output(&reporter, monotonic_ns() - started_ns, status);
}

int cmd_run(int argc, char *argv[])
{
	struct run_options options;
	struct selection selection;
	struct session session;
	struct err err = {0};
	int status;

	if (run_options_parse(argc, argv, &options) < 0)
		return report_error(&options.err);
	selection = run_options_selection(&options);
	status = session_begin(&selection, &session, &err);
	status = status < 0 ? report_error(&err) : run_session(&options, &session, &err);
	session_end(&session);
	return status;
}
