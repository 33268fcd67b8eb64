#include "run_report.h"

#include <errno.h>
#include <stdio.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "report/ktap.h"
#include "report/result_json.h"
#include "report/text.h"
#include "run_rows.h"

/* All cells are as predicted, but one cannot stand in the baseline that was asked for. */
#define EXIT_UNFIT 1

void run_report_failure(struct run_report *report, const struct err *err)
{
	report->output_failed = true;
	report_error(err);
}

int run_report_open(struct run_report *report, struct err *err)
{
	const struct run_options *options = report->options;
	const struct plan *plan = report->schedule->plan;
	int status = 0;

	report->file.fd = report->out.fd = -1;
	if (options->against)
		status = against_open(options->against, plan, report->catalogue, &report->against, err);
	if (status == 0 && report->against.comparison.before.cut_line)
		fprintf(stderr, "enomem: warning: %s: line %" PRIu64 " is cut off and left out\n", options->against,
			report->against.comparison.before.cut_line);
	if (status == 0 && options->baseline)
		status = baseline_file_begin(options->baseline, options->command, plan->count, &report->baseline, err);
	return status;
}

void run_report_close(struct run_report *report)
{
	against_close(&report->against);
	baseline_file_free(&report->baseline);
}

static int keep_for_baseline(struct run_report *report, const struct result *result, struct err *err)
{
	json_t *json = result_to_json(result);
	int status = json ? baseline_file_add(&report->baseline, result->index, json, err) : err_no_memory(err);

	json_decref(json);
	return status;
}

void run_report_ended(void *context, struct result *result)
{
	struct run_report *report = context;
	const struct run_options *options = report->options;
	struct err err = {0};
	struct pair pair;

	tally_add(&report->tally, &result->verdict);
	preview_add(&report->preview, result);
	progress_clear(&report->progress);
	if (report->file.fd >= 0 && json_lines_add(&report->file, result, &err) < 0)
		run_report_failure(report, &err);
	if (report->out.fd >= 0 && json_lines_add(&report->out, result, &err) < 0)
		run_report_failure(report, &err);
	if (options->baseline && keep_for_baseline(report, result, &err) < 0)
		run_report_failure(report, &err);
	/* As KTAP, its line says it. */
	if (options->against && options->format != FORMAT_KTAP && run_compare(report, result, &pair, &err) < 0)
		run_report_failure(report, &err);
	if (options->format == FORMAT_JSON)
		schedule_release(report->schedule, result);
	else
		run_rows_print(report, false);
}

void run_report_tick(void *context, unsigned ended, unsigned running)
{
	struct run_report *report = context;

	progress_draw(&report->progress, report->schedule->first + ended, running);
}

int run_report_begin(struct run_report *report, struct err *err)
{
	const struct run_options *options = report->options;
	int status = 0;

	report->colour = text_wants_colour(stdout);
	if (options->output)
		status = json_lines_open(options->output, &report->file, err);
	if (status < 0)
		return status;
	if (options->format == FORMAT_JSON)
		json_lines_attach(STDOUT_FILENO, "to stdout", &report->out);
	else if (options->format == FORMAT_KTAP)
		ktap_begin(stdout, report->schedule->plan->count);
	else if (plan_measures_host(report->schedule->plan))
		text_host(stdout, report->facts);
	if (options->format == FORMAT_TEXT && !options->dry_run)
		text_titles(stdout);
	progress_begin(&report->progress, report->schedule->plan->count);
	fflush(stdout);
	return 0;
}

static void print_end(struct run_report *report, uint64_t wall_ns, bool whole)
{
	const struct run_options *options = report->options;

	if (options->format != FORMAT_JSON)
		run_rows_print(report, true);
	if (options->format == FORMAT_TEXT && !options->dry_run)
		text_tally(stdout, &report->tally, wall_ns);
	if (options->format == FORMAT_TEXT && options->dry_run && whole)
		preview_print(stdout, &report->preview, report->schedule->plan, &report->facts->host.snapshot.machine);
}

/* With --against it is a regression test: what changed counts, not what the verdicts are. */
static int against_status(const struct run_report *report)
{
	const struct tally *tally = &report->tally;
	int status = tally_exit_status(tally);

	if (status == EXIT_BROKEN || tally->words[VERDICT_SKIP] == tally->cells)
		return status;
	return report->against.comparison.moved || report->against.unpaired_unexpected || tally->words[VERDICT_TIMEOUT];
}

static int print_comparison(struct run_report *report, struct err *err)
{
	const struct comparison_set *comparison = &report->against.comparison;
	FILE *stream = report->options->format == FORMAT_JSON ? stderr : stdout;

	if (against_end(&report->against, err) < 0)
		return -err->code;
	if (report->options->format == FORMAT_KTAP) {
		comparison_print_tally(stdout, "# ", comparison);
		return 0;
	}
	fprintf(stream, "\nAgainst %s:\n", report->options->against);
	return comparison_print_text(stream, comparison, report->catalogue, err);
}

/* All cells have ended: what is made of all of them together. Returns the exit status. */
static int conclude(struct run_report *report)
{
	const struct run_options *options = report->options;
	struct err err = {0};
	int status = tally_exit_status(&report->tally), written = 0;

	if (options->dry_run && status != EXIT_BROKEN)
		status = 0;
	if (options->against && print_comparison(report, &err) < 0)
		run_report_failure(report, &err);
	else if (options->against)
		status = against_status(report);
	if (options->baseline)
		written = baseline_file_write(&report->baseline, &err);
	if (written == -ECANCELED)
		report_error(&err);
	else if (written < 0)
		run_report_failure(report, &err);
	if (report->output_failed)
		return EXIT_USAGE;
	return finish_stdout(status == 0 && written < 0 ? EXIT_UNFIT : status);
}

int run_report_end(struct run_report *report, uint64_t wall_ns, int status, const struct err *why)
{
	struct err err = {0};

	progress_clear(&report->progress);
	print_end(report, wall_ns, status == 0);
	if (json_lines_close(&report->file, &err) < 0)
		run_report_failure(report, &err);
	if (status < 0 && report->options->baseline)
		fprintf(stderr, "enomem: baseline %s is not written: not every cell has ended\n",
			report->options->baseline);
	if (status == -ENOMEM) {
		err_no_memory(&err);
		run_report_failure(report, &err);
		return EXIT_USAGE;
	}
	if (status == -EINTR) {
		fprintf(stderr, "enomem: interrupted; %u of %u cells had ended and are reported\n", report->tally.cells,
			report->schedule->plan->count);
		return 128 + schedule_interrupted();
	}
	if (status < 0) {
		report_error(why);
		return EXIT_BROKEN;
	}
	return conclude(report);
}
