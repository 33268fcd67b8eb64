#include "run_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/ktap.h"
#include "report/result_json.h"
#include "report/text.h"

/* Above the first of several rows in the same environment and configuration, when there is more than the default. */
static void print_configuration(struct run_report *report, const struct cell *cell)
{
	const struct plan *plan = report->schedule->plan;
	const struct cell *last = report->headed;
	bool same_place = last && last->environment == cell->environment && strcmp(last->kernel, cell->kernel) == 0;

	report->headed = cell;
	if (last ? last->configuration == cell->configuration && same_place
		 : cell->configuration->count == 0 &&
			    plan->cells[plan->cell_count - 1].configuration == cell->configuration)
		return;
	text_configuration(stdout, cell, last != NULL && same_place);
}

/* What a guest is, above the first row of it. */
static void print_guest(struct run_report *report, const struct result *result)
{
	if (result->run->accelerator && result->run != report->guest)
		text_guest(stdout, result);
	report->guest = result->run;
}

int run_compare(struct run_report *report, const struct result *result, struct pair *ret, struct err *err)
{
	json_t *json = result_to_json(result);
	int status =
		json ? against_add(&report->against, json, result->verdict.expected, ret, err) : err_no_memory(err);

	json_decref(json);
	return status;
}

/* What moved, as text to be released with free(); NULL when there is no memory. */
static char *moved_text(const struct run_report *report, const struct pair *pair, struct err *err)
{
	size_t size = 0;
	char *text = NULL;
	FILE *stream = open_memstream(&text, &size);
	int status =
		stream ? comparison_print_pair(stream, report->against.any_environment, pair, report->catalogue, err)
		       : err_no_memory(err);

	if (stream && fclose(stream) != 0)
		status = err_no_memory(err);
	if (status < 0) {
		free(text);
		return NULL;
	}
	return text;
}

static void print_ktap(struct run_report *report, const struct result *result)
{
	struct ktap_regression regression = {.file = report->options->against};
	struct pair pair = {0};
	struct err err = {0};
	char *text = NULL;

	if (regression.file && run_compare(report, result, &pair, &err) < 0)
		run_report_failure(report, &err);
	regression.known = pair.before != NULL;
	regression.changed = comparison_moved(&pair);
	if (regression.changed)
		text = moved_text(report, &pair, &err);
	regression.text = text ? text : "";
	ktap_result(stdout, report->schedule->plan, result, &regression);
	free(text);
}

static void print_row(struct run_report *report, const struct result *result)
{
	if (report->options->format == FORMAT_KTAP) {
		print_ktap(report, result);
		return;
	}
	print_guest(report, result);
	print_configuration(report, result->cell);
	if (report->options->dry_run)
		text_prediction(stdout, result);
	else
		text_result(stdout, result, result->repeat > 1 && result->verdict.word == VERDICT_EXACT,
			    report->colour);
}

void run_rows_print(struct run_report *report, bool at_end)
{
	const struct schedule *schedule = report->schedule;

	for (; report->printed < schedule->plan->count; report->printed++) {
		const struct result *result = schedule->results[report->printed];

		if (!at_end && (!result || !result->ended))
			break;
		if (!result || !result->ended)
			continue;
		print_row(report, result);
		schedule_release(schedule, result);
	}
	fflush(stdout);
}
