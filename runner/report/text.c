#include "report/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/left.h"
#include "report/proof.h"
#include "report/witness_text.h"
#include "report/wrap.h"
#include "support/number.h"

/* Beginnings of the lines below a row. */
#define DETAIL "            "

#define ROW "%-16s %-34s %12s %20s %6s  "

bool text_wants_colour(FILE *stream)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(stream)) && !(no && *no);
}

static const char *limit_text(const struct limit *limit, char *buffer, size_t size)
{
	return limit->soft == UNLIMITED ? "unlimited" : number_format_bytes(limit->soft, buffer, size);
}

/* Only limits that are set: most cgroups have none. */
static void print_cgroup_limits(FILE *stream, const struct host_facts *facts)
{
	char bytes[32];

	for (unsigned i = 0; i < facts->cgroup_count; i++) {
		const struct cgroup_limit *limit = &facts->cgroup[i];
		bool is_memory = strncmp(limit->file, "memory.", 7) == 0;

		if (limit->value == UNLIMITED)
			continue;
		if (is_memory)
			number_format_bytes(limit->value, bytes, sizeof(bytes));
		else
			snprintf(bytes, sizeof(bytes), "%" PRIu64, limit->value);
		fprintf(stream, "cgroup v%d %s: %s %s\n", limit->version, limit->path, limit->file, bytes);
	}
	if (facts->cgroup_cut)
		fprintf(stream, "cgroup: there are more limits further up than are shown\n");
}

static const char *number_text(uint64_t number, char *buffer, size_t size)
{
	snprintf(buffer, size, "%" PRIu64, number);
	return number == UNKNOWN ? "unknown" : buffer;
}

static void print_mode_2(FILE *stream)
{
	fprintf(stream, "Mode 2: while a cell measures the commit limit, other programs may be refused memory for "
			"milliseconds.\n");
}

void text_host(FILE *stream, const struct run_facts *run)
{
	const struct host_facts *facts = &run->host.facts;
	const struct machine_snapshot *machine = &run->host.snapshot.machine;
	const struct limit *limits = run->host.snapshot.process.limits;
	char ram[32], swap[32], as[32], data[32], numbers[4][24];

	fprintf(stream, "Linux %s, %s, %s: %u CPUs, %s RAM, %s swap\n", facts->kernel,
		facts->distribution[0] ? facts->distribution : "unknown distribution", facts->machine,
		run->topology.processing_units, number_format_bytes(machine->mem_total_kib * 1024, ram, sizeof(ram)),
		machine->swap_total_kib && machine->swap_total_kib < UNKNOWN
			? number_format_bytes(machine->swap_total_kib * 1024, swap, sizeof(swap))
			: "no");
	fprintf(stream, "vm.max_map_count %s, vm.overcommit_memory %s, ratio %s, kbytes %s; ulimit -v %s, -d %s\n",
		number_text(machine->max_map_count, numbers[0], sizeof(numbers[0])),
		machine->overcommit_memory == UNKNOWN
			? "unknown (taken as 0)"
			: number_text(machine->overcommit_memory, numbers[1], sizeof(numbers[1])),
		number_text(machine->overcommit_ratio, numbers[2], sizeof(numbers[2])),
		number_text(machine->overcommit_kbytes, numbers[3], sizeof(numbers[3])),
		limit_text(&limits[LIMIT_AS], as, sizeof(as)), limit_text(&limits[LIMIT_DATA], data, sizeof(data)));
	print_cgroup_limits(stream, facts);
	if (machine->overcommit_memory == 2)
		print_mode_2(stream);
	if (run->isolation.missing[0])
		fprintf(stream, "Isolation not obtained: %s. What is measured is not touched by that.\n",
			run->isolation.missing);
	fputc('\n', stream);
}

void text_titles(FILE *stream)
{
	fprintf(stream, ROW "%-10s  %s\n", "SCENARIO", "REFUSED", "ACCEPTED", "PREDICTED", "DIFF", "VERDICT", "TIME");
}

void text_configuration(FILE *stream, const struct cell *cell, bool gap)
{
	const struct setting *mode = configuration_find(cell->configuration, KNOB_OVERCOMMIT_MEMORY);
	char settings[1024];
	char first[CONFIGURATION_NAME_BYTES + ENVIRONMENT_LABEL_BYTES + 8], label[ENVIRONMENT_LABEL_BYTES];

	snprintf(first, sizeof(first), "%s%s (%s): ", gap ? "\n" : "", cell->configuration->name,
		 cell_environment(cell, label, sizeof(label)));
	wrap_print(stream, first, "    ", configuration_format(cell->configuration, settings, sizeof(settings)));
	if (mode && mode->value == 2)
		print_mode_2(stream);
}

/* "mmap no. 65502: ENOMEM", "fork of 23.5 GiB + 1 page: ENOMEM" */
static void refused_text(char *buffer, size_t size, const struct result *result)
{
	const struct refusal *refusal = &result->observation.refusal;
	char bytes[32];

	if (result->verdict.start_refused)
		snprintf(buffer, size, "start of the program: %s", result->verdict.start_end);
	else if (!result->observation.has_refusal)
		snprintf(buffer, size, "-");
	else if (result->cell->scenario->is_size)
		snprintf(buffer, size, "%s at %s + 1 page: %s", refusal->call,
			 number_format_bytes(result->observation.accepted * result->run->host.facts.page_bytes, bytes,
					     sizeof(bytes)),
			 err_name(refusal->kernel_errno));
	else
		snprintf(buffer, size, "%s no. %" PRIu64 ": %s", refusal->call, result->observation.accepted + 1,
			 err_name(refusal->kernel_errno));
}

static void predicted_text(char *buffer, size_t size, const struct verdict *verdict)
{
	const struct prediction *prediction = &verdict->prediction;

	if (!verdict->predicted)
		snprintf(buffer, size, "-");
	else if (!prediction->refused)
		snprintf(buffer, size, "no refusal");
	else if (prediction->exact || prediction->least == prediction->most)
		snprintf(buffer, size, "%" PRIu64, prediction->central);
	else
		snprintf(buffer, size, "%" PRIu64 "..%" PRIu64, prediction->least, prediction->most);
}

static const char *colour_of(const struct verdict *verdict)
{
	if (verdict->word == VERDICT_SKIP)
		return "\033[33m";
	return verdict->expected ? "\033[32m" : "\033[31m";
}

static void print_row(FILE *stream, const struct result *result, bool colour)
{
	const struct verdict *verdict = &result->verdict;
	char name[96], refused[64], accepted[24] = "-", predicted[48], difference[24] = "-";

	snprintf(name, sizeof(name), "%s", result->cell->scenario->name);
	refused_text(refused, sizeof(refused), result);
	predicted_text(predicted, sizeof(predicted), verdict);
	if (result->observation.has_refusal || result->observation.outcome == OUTCOME_DONE || verdict->start_refused) {
		snprintf(accepted, sizeof(accepted), "%" PRIu64, result->observation.accepted);
		snprintf(difference, sizeof(difference), "%s%" PRIu64, verdict->difference_is_below ? "-" : "",
			 verdict->difference);
	}
	fprintf(stream, ROW, name, refused, accepted, predicted, difference);
	fprintf(stream, "%s%-10s%s  %.3f s\n", colour ? colour_of(verdict) : "", verdict_word(verdict->word),
		colour ? "\033[0m" : "", (double)result->wall_ns / 1e9);
}

static void print_parameters(FILE *stream, const struct cell *cell)
{
	bool any = false;

	for (unsigned i = 0; i < cell->scenario->parameter_count; i++) {
		if (strcmp(cell->values[i], cell->scenario->parameters[i].standard) == 0)
			continue;
		fprintf(stream, "%s%s=%s", any ? ", " : "    with    ", cell->scenario->parameters[i].name,
			cell->values[i]);
		any = true;
	}
	if (any)
		fputc('\n', stream);
}

static void print_cause(FILE *stream, const struct result *result)
{
	const struct verdict *verdict = &result->verdict;
	const struct place *place;
	char text[400];

	if (!verdict->cause) {
		if (result->observation.has_refusal)
			fprintf(stream, "    cause   no known check explains it\n");
		return;
	}
	place = check_place(verdict->cause, kernel_version_parse(result->run->host.facts.kernel));
	snprintf(text, sizeof(text), "%s [%s: %s, %s]", verdict->comparison.text, verdict->cause->name, place->function,
		 place->file);
	wrap_print(stream, "    cause   ", DETAIL, text);
}

/* The function, and through which others it was called. */
static void print_witness(FILE *stream, const struct result *result)
{
	const struct verdict *verdict = &result->verdict;
	char text[1200];

	/* That nobody can trace here is said once for all. */
	if (!result->observation.traced.asked)
		return;
	witness_text(text, sizeof(text), &result->witness, verdict);
	if (text[0])
		wrap_print(stream, "    witness ", DETAIL, text);
}

static void print_fix(FILE *stream, const struct result *result)
{
	const struct observation *observation = &result->observation;
	char text[400];

	if (!result->verdict.cause)
		return;
	snprintf(text, sizeof(text), "%s", result->verdict.cause->fix);
	if (observation->fix_tried)
		snprintf(text, sizeof(text), "%s (%s from the same parent %s)", result->verdict.cause->fix,
			 result->cell->scenario->fix_name, observation->fix_errno ? "fails too" : "succeeds");
	wrap_print(stream, "    fix     ", DETAIL, text);
}

void text_result(FILE *stream, const struct result *result, bool brief, bool colour)
{
	char proof[512], left[128];

	print_row(stream, result, colour);
	if (brief)
		return;
	print_parameters(stream, result->cell);
	if (result->verdict.reason[0])
		wrap_print(stream, "    note    ", DETAIL, result->verdict.reason);
	print_cause(stream, result);
	left_text(left, sizeof(left), result);
	if (left[0])
		wrap_print(stream, "    left    ", DETAIL, left);
	proof_text(proof, sizeof(proof), result);
	if (proof[0])
		wrap_print(stream, "    proof   ", DETAIL, proof);
	print_witness(stream, result);
	print_fix(stream, result);
}

void text_tally(FILE *stream, const struct tally *tally, uint64_t wall_ns)
{
	fprintf(stream, "\n%u cell%s%s", tally->cells, tally->cells == 1 ? "" : "s", tally->cells ? ":" : "");
	for (int word = 0, any = 0; word < VERDICT_WORDS; word++) {
		if (!tally->words[word])
			continue;
		fprintf(stream, "%s %u %s", any ? "," : "", tally->words[word], verdict_word((enum verdict_word)word));
		any = 1;
	}
	fprintf(stream, ", %.2f s\n", (double)wall_ns / 1e9);
}

void text_predicted_refusal(char *buffer, size_t size, const struct result *result)
{
	const struct verdict *verdict = &result->verdict;
	const struct prediction *prediction = &verdict->prediction;
	char number[48], bytes[32];

	if (!verdict->predicted || !prediction->refused) {
		snprintf(buffer, size, "%s", verdict->predicted ? "nothing will be refused" : "no prediction");
		return;
	}
	if (strcmp(prediction->call, "exec") == 0) {
		snprintf(buffer, size, "the program cannot even start, by %s", prediction->check->name);
		return;
	}
	predicted_text(number, sizeof(number), verdict);
	number_format_bytes(prediction->central * result->run->host.facts.page_bytes, bytes, sizeof(bytes));
	if (result->cell->scenario->is_size)
		snprintf(buffer, size, "%s pages (%s) accepted, then %s refused with %s by %s", number, bytes,
			 prediction->call, err_name(prediction->error), prediction->check->name);
	else
		snprintf(buffer, size, "%s operations accepted, then %s refused with %s by %s", number,
			 prediction->call, err_name(prediction->error), prediction->check->name);
}

void text_prediction(FILE *stream, const struct result *result)
{
	char predicted[256], left[128];

	if (!result->verdict.predicted) {
		fprintf(stream, "%-16s %s: %s\n", result->cell->scenario->name, verdict_word(result->verdict.word),
			result->verdict.reason);
		return;
	}
	text_predicted_refusal(predicted, sizeof(predicted), result);
	fprintf(stream, "%-16s %s\n", result->cell->scenario->name, predicted);
	print_parameters(stream, result->cell);
	if (result->verdict.prediction.refused)
		fprintf(stream, "    because %s\n", result->verdict.prediction.comparison.text);
	left_text(left, sizeof(left), result);
	if (left[0])
		fprintf(stream, "    leaving %s\n", left);
}
