/* `enomem run`: cells, their results, and what they add up to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "run/session.h"
#include "run_options.h"
#include "run_plan.h"
#include "run_report.h"
#include "support/wait.h"

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
static unsigned limit_jobs(const struct run_options *options, const struct topology *topology, const struct plan *plan)
{
	if (options->jobs <= topology->usable || !plan_measures_host(plan))
		return options->jobs ? (unsigned)options->jobs : 1;
	fprintf(stderr, "enomem: running %u cells at a time, not %u: each has a CPU of its own\n", topology->usable,
		(unsigned)options->jobs);
	return topology->usable;
}

static void set_up_schedule(const struct run_options *options, const struct session *session, struct run_report *report,
			    struct schedule *schedule)
{
	schedule->settings = (struct run_settings){.timeout_ms = options->timeout_ms,
						   .at_most = options->at_most,
						   .jobs = limit_jobs(options, &session->facts.topology, &session->plan),
						   .ready_only = options->dry_run};
	schedule->cpu = options->cpu;
	schedule->guests = options->jobs ? (unsigned)options->jobs : session->facts.topology.usable;
	schedule->ended = run_report_ended;
	schedule->tick = run_report_tick;
	schedule->callback_context = report;
}

/* Cells run without one where it cannot be had, which is said once. */
static void call_witness(struct witnessing *witnessing, struct schedule *schedule)
{
	const struct err *why = &witnessing->why_not;

	schedule->wants_witness = true;
	if (!plan_measures_host(schedule->plan))
		return; /* guests have their own */
	witnessing_begin(witnessing);
	schedule->witnessing = witnessing;
	schedule->settings.witness = witnessing->ready;
	if (!witnessing->ready)
		fprintf(stderr, "enomem: no witness: %s%s%s\n", why->text, why->advice[0] ? "; " : "", why->advice);
}

static int run_session(const struct run_options *options, struct session *session, struct err *err)
{
	static struct witnessing witnessing;
	struct schedule schedule = session_schedule(session);
	struct run_report report = {
		.options = options, .schedule = &schedule, .facts = &session->facts, .catalogue = &session->catalogue};
	uint64_t started_ns = monotonic_ns();
	int status = check_cpu(options, &session->facts.topology, err);

	session->context.waiting = say_waiting;
	session->context.say = say;
	schedule_catch_interrupts();
	if (status == 0)
		status = run_report_open(&report, err);
	if (status == 0)
		status = session_prepare(session, options->wish, err);
	if (status == 0)
		status = run_report_begin(&report, err);
	if (status < 0) {
		status = schedule_interrupted() ? 128 + schedule_interrupted() : report_error(err);
	} else {
		set_up_schedule(options, session, &report, &schedule);
		if (options->witness && !options->dry_run)
			call_witness(&witnessing, &schedule);
		status = session_run(session, &schedule, err);
		witnessing_end(&witnessing);
		status = run_report_end(&report, monotonic_ns() - started_ns, status, err);
	}
	run_report_close(&report);
	return status;
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
