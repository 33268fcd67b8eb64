#include "run_report.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "report/text.h"

static void report_failure(struct run_report *report, const struct err *err)
{
	report->output_failed = true;
	report_error(err);
}

/* Above the first of several rows in the same environment and configuration, when there is more than the default. */
static void print_configuration(struct run_report *report, const struct cell *cell)
{
	const struct cell *last = report->headed;

	report->headed = cell;
	if (last ? last->configuration == cell->configuration && last->environment == cell->environment
		 : cell->configuration->count == 0 &&
			    report->schedule->plan->cells[report->schedule->plan->cell_count - 1].configuration ==
				    cell->configuration)
		return;
	text_configuration(stdout, cell, last != NULL);
}

/*
 * Text rows come in the order of the plan, so an early one may have to wait for its predecessors;
 * at the end, which may be an interrupt, for none.
 */
static void print_rows(struct run_report *report, bool at_end)
{
	const struct schedule *schedule = report->schedule;

	for (; report->printed < report->schedule->plan->count; report->printed++) {
		const struct result *result = schedule->results[report->printed];

		if (!at_end && (!result || !result->ended))
			break;
		if (!result || !result->ended)
			continue;
		print_configuration(report, result->cell);
		if (report->options->dry_run)
			text_prediction(stdout, result);
		else
			text_result(stdout, result, result->repeat > 1 && result->verdict.word == VERDICT_EXACT,
				    report->colour);
		schedule_release(schedule, result);
	}
	fflush(stdout);
}

void run_report_ended(void *context, struct result *result)
{
	struct run_report *report = context;
	struct err err = {0};

	tally_add(&report->tally, &result->verdict);
	preview_add(&report->preview, result);
	progress_clear(&report->progress);
	if (report->file.fd >= 0 && json_lines_add(&report->file, result, &err) < 0)
		report_failure(report, &err);
	if (report->out.fd >= 0 && json_lines_add(&report->out, result, &err) < 0)
		report_failure(report, &err);
	if (report->options->json)
		schedule_release(report->schedule, result);
	else
		print_rows(report, false);
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

	report->file.fd = report->out.fd = -1;
	report->colour = text_wants_colour(stdout);
	if (options->output)
		status = json_lines_open(options->output, &report->file, err);
	if (status < 0)
		return status;
	if (options->json) {
		json_lines_attach(STDOUT_FILENO, "to stdout", &report->out);
	} else {
		text_host(stdout, report->facts);
		if (!options->dry_run)
			text_titles(stdout);
	}
	progress_begin(&report->progress, report->schedule->plan->count);
	fflush(stdout);
	return 0;
}

int run_report_end(struct run_report *report, uint64_t wall_ns, int status, const struct err *why)
{
	struct err err = {0};

	progress_clear(&report->progress);
	if (!report->options->json)
		print_rows(report, true);
	if (!report->options->json && !report->options->dry_run)
		text_tally(stdout, &report->tally, wall_ns);
	if (!report->options->json && report->options->dry_run && status == 0)
		preview_print(stdout, &report->preview, report->schedule->plan, &report->facts->host.snapshot.machine);
	if (json_lines_close(&report->file, &err) < 0)
		report_failure(report, &err);
	if (status == -ENOMEM) {
		err_no_memory(&err);
		report_failure(report, &err);
	} else if (status == -EINTR) {
		fprintf(stderr, "enomem: interrupted; %u of %u cells had ended and are reported\n", report->tally.cells,
			report->schedule->plan->count);
		return 128 + schedule_interrupted();
	} else if (status < 0) {
		report_error(why);
		return EXIT_BROKEN;
	}
	if (report->output_failed)
		return EXIT_USAGE;
	return finish_stdout(report->options->dry_run && !report->tally.words[VERDICT_BROKEN]
				     ? 0
				     : tally_exit_status(&report->tally));
}
