/* `enomem run`: cells, their results, and what they add up to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "report/json_lines.h"
#include "report/preview.h"
#include "report/progress.h"
#include "report/text.h"
#include "support/wait.h"
#include "run/session.h"
#include "run_options.h"
#include "run_plan.h"

/* Where results go while they come in. */
struct reporter {
	const struct run_options *options;
	const struct schedule *schedule;
	const struct plan *plan;
	const struct machine_snapshot *machine; /* as it is */
	struct json_lines file, out;
	struct progress progress;
	struct tally tally;
	struct preview preview;    /* of a dry run */
	unsigned printed;          /* results on stdout as text so far: in the order of the plan */
	const struct cell *headed; /* the cell whose configuration stands above the last row */
	const struct run_facts *guest; /* that stands above it */
	bool output_failed;
	bool colour;
};

static void report_failure(struct reporter *reporter, const struct err *err)
{
	reporter->output_failed = true;
	report_error(err);
}

/* Above the first of several rows in the same environment and configuration, when there is more than the default. */
static void print_configuration(struct reporter *reporter, const struct cell *cell)
{
	const struct cell *last = reporter->headed;

	reporter->headed = cell;
	if (last ? last->configuration == cell->configuration && last->environment == cell->environment
		 : cell->configuration->count == 0 &&
			    reporter->plan->cells[reporter->plan->cell_count - 1].configuration == cell->configuration)
		return;
	text_configuration(stdout, cell, last != NULL);
}

/*
 * Text rows come in the order of the plan, so an early one may have to wait for its predecessors;
 * at the end, which may be an interrupt, for none.
 */
static void print_rows(struct reporter *reporter, bool at_end)
{
	const struct schedule *schedule = reporter->schedule;

	for (; reporter->printed < reporter->plan->count; reporter->printed++) {
		const struct result *result = schedule->results[reporter->printed];

		if (!at_end && (!result || !result->ended))
			break;
		if (!result || !result->ended)
			continue;
		if (result->run->accelerator && result->run != reporter->guest)
			text_guest(stdout, result);
		reporter->guest = result->run;
		print_configuration(reporter, result->cell);
		if (reporter->options->dry_run)
			text_prediction(stdout, result);
		else
			text_result(stdout, result, result->repeat > 1 && result->verdict.word == VERDICT_EXACT,
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
	preview_add(&reporter->preview, result);
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

	progress_draw(&reporter->progress, reporter->schedule->first + ended, running);
}

static void say(const char *line)
{
	fprintf(stderr, "enomem: %s\n", line);
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
	fflush(stdout);
	return 0;
}

static int end_output(struct reporter *reporter, uint64_t wall_ns, int status, const struct err *why)
{
	struct err err = {0};

	progress_clear(&reporter->progress);
	if (!reporter->options->json)
		print_rows(reporter, true);
	if (!reporter->options->json && !reporter->options->dry_run)
		text_tally(stdout, &reporter->tally, wall_ns);
	if (!reporter->options->json && reporter->options->dry_run && status == 0)
		preview_print(stdout, &reporter->preview, reporter->plan, reporter->machine);
	if (json_lines_close(&reporter->file, &err) < 0)
		report_failure(reporter, &err);
	if (status == -ENOMEM) {
		err_no_memory(&err);
		report_failure(reporter, &err);
	} else if (status == -EINTR) {
		fprintf(stderr, "enomem: interrupted; %u of %u cells had ended and are reported\n",
			reporter->tally.cells, reporter->plan->count);
		return 128 + schedule_interrupted();
	} else if (status < 0) {
		report_error(why);
		return EXIT_BROKEN;
	}
	if (reporter->output_failed)
		return EXIT_USAGE;
	return finish_stdout(reporter->options->dry_run && !reporter->tally.words[VERDICT_BROKEN]
				     ? 0
				     : tally_exit_status(&reporter->tally));
}

static void set_up_schedule(const struct run_options *options, const struct session *session, struct reporter *reporter,
			    struct schedule *schedule)
{
	schedule->settings = (struct run_settings){.timeout_ms = options->timeout_ms,
						   .at_most = options->at_most,
						   .jobs = limit_jobs(options, &session->facts.topology),
						   .ready_only = options->dry_run};
	schedule->cpu = options->cpu;
	schedule->ended = on_ended;
	schedule->tick = on_tick;
	schedule->callback_context = reporter;
}

static int run_session(const struct run_options *options, struct session *session, struct err *err)
{
	struct schedule schedule = session_schedule(session);
	struct reporter reporter = {.options = options,
				    .schedule = &schedule,
				    .plan = &session->plan,
				    .machine = &session->facts.host.snapshot.machine};
	uint64_t started_ns = monotonic_ns();
	int status = check_cpu(options, &session->facts.topology, err);

	session->context.waiting = say_waiting;
	session->context.say = say;
	schedule_catch_interrupts();
	if (status == 0)
		status = session_prepare(session, options->wish, err);
	if (status == 0)
		status = begin_output(&reporter, session, err);
	if (status < 0)
		return schedule_interrupted() ? 128 + schedule_interrupted() : report_error(err);
	set_up_schedule(options, session, &reporter, &schedule);
	status = session_run(session, &schedule, err);
	return end_output(&reporter, monotonic_ns() - started_ns, status, err);
}

/* As many cells as take more than some minutes are not begun by a slip of the hand. */
#define ASK_ABOVE 10000

static int confirm(const struct run_options *options, unsigned count, struct err *err)
{
	char answer[16];

	if (count <= ASK_ABOVE || options->yes || options->dry_run)
		return 0;
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
		fprintf(stderr, "enomem: this plan has %u cells. Begin? [y/N] ", count);
		if (fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
			return 0;
	}
	err_set(err, ECANCELED, "cannot begin %u cells unasked", count);
	return err_advise(err, "--yes begins them; --dry-run shows the predictions");
}

int cmd_run(int argc, char *argv[])
{
	struct session session = SESSION_NONE;
	struct run_options options;
	struct run_plan plan;
	struct err err = {0};
	int status;

	if (run_options_parse(argc, argv, &options) < 0)
		return report_error(&options.err);
	status = run_plan_make(&options, &plan, &err);
	if (status == 0 && plan.sysctl_others)
		fprintf(stderr, "enomem: %u other settings of the sysctl files are left alone\n", plan.sysctl_others);
	if (status == 0)
		status = session_begin(&plan.selection, &session, &err);
	session.dry_run = options.dry_run;
	session.below_use = options.below_use;
	if (status == 0)
		status = confirm(&options, session.plan.count, &err);
	status = status < 0 ? report_error(&err) : run_session(&options, &session, &err);
	session_end(&session);
	run_plan_free(&plan);
	return status;
}
