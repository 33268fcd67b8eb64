#include "report/ktap.h"

#include <inttypes.h>
#include <string.h>

#include "report/text.h"
#include "support/append.h"

void ktap_begin(FILE *stream, unsigned count)
{
	fprintf(stream, "KTAP version 1\n1..%u\n", count);
}

void ktap_diagnostics(FILE *stream, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length)
			fprintf(stream, "# %.*s\n", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

static bool has_several_environments(const struct plan *plan)
{
	const struct cell *first = &plan->cells[0], *last = &plan->cells[plan->cell_count - 1];

	/* They stand in the order of the environments. */
	return first->environment != last->environment || strcmp(first->kernel, last->kernel) != 0;
}

/* "many-mmaps.maps-1024.pages=2.ns.repeat-2": what distinguishes it from others of the plan. */
static void add_name(const struct plan *plan, const struct result *result, char *buffer, size_t size)
{
	const struct cell *cell = result->cell;
	char *at = buffer + strlen(buffer), environment[ENVIRONMENT_LABEL_BYTES];

	text_append(buffer, size, "%s.%s", cell->scenario->name, cell->configuration->name);
	for (unsigned i = 0; i < cell->scenario->parameter_count; i++) {
		if (strcmp(cell->values[i], cell->scenario->parameters[i].standard) != 0)
			text_append(buffer, size, ".%s=%s", cell->scenario->parameters[i].name, cell->values[i]);
	}
	if (has_several_environments(plan))
		text_append(buffer, size, ".%s", cell_environment(cell, environment, sizeof(environment)));
	if (plan->repeats > 1)
		text_append(buffer, size, ".repeat-%u", result->repeat);
	/* A directive begins with '#', and a name has no room for the rest. */
	for (; *at; at++) {
		if (*at == '#' || *at == '\\' || (unsigned char)*at <= ' ')
			*at = '_';
	}
}

static void say_measured(FILE *stream, const struct result *result)
{
	const struct observation *observation = &result->observation;
	const char *unit = result->cell->scenario->is_size ? "pages" : "operations";

	if (result->verdict.start_refused)
		fprintf(stream, "# measured: the program did not start: %s\n", result->verdict.start_end);
	else if (observation->has_refusal)
		fprintf(stream, "# measured: %" PRIu64 " %s accepted, then %s refused with %s\n", observation->accepted,
			unit, observation->refusal.call, err_name(observation->refusal.kernel_errno));
	else if (result->verdict.predicted)
		fprintf(stream, "# measured: %" PRIu64 " %s accepted, and no refusal\n", observation->accepted, unit);
}

static void say_verdict(FILE *stream, const struct result *result)
{
	const struct verdict *verdict = &result->verdict;
	char predicted[256];

	fprintf(stream, "# %s%s%s\n", verdict_word(verdict->word), verdict->reason[0] ? ": " : "", verdict->reason);
	if (!verdict->predicted)
		return;
	text_predicted_refusal(predicted, sizeof(predicted), result);
	fprintf(stream, "# predicted: %s\n", predicted);
	say_measured(stream, result);
	if (verdict->cause)
		fprintf(stream, "# cause: %s\n", verdict->comparison.text);
}

/* The words that the specification has for what is neither. */
static const char *directive_of(const struct verdict *verdict, bool ok)
{
	switch (verdict->word) {
	case VERDICT_SKIP: return ok ? " # SKIP " : "";
	case VERDICT_TIMEOUT: return " # TIMEOUT ";
	case VERDICT_BROKEN: return " # ERROR ";
	default: return "";
	}
}

static bool is_ok(const struct verdict *verdict, const struct ktap_regression *regression)
{
	if (verdict->word == VERDICT_BROKEN || verdict->word == VERDICT_TIMEOUT)
		return false;
	if (regression->known)
		return !regression->changed;
	return verdict->expected || verdict->word == VERDICT_SKIP;
}

void ktap_result(FILE *stream, const struct plan *plan, const struct result *result,
		 const struct ktap_regression *regression)
{
	const struct verdict *verdict = &result->verdict;
	bool ok = is_ok(verdict, regression);
	const char *directive = directive_of(verdict, ok);
	char name[1024] = "";

	add_name(plan, result, name, sizeof(name));
	if (regression->known && regression->changed)
		ktap_diagnostics(stream, regression->text);
	if (regression->file && !regression->known)
		fprintf(stream, "# %s does not have this cell\n", regression->file);
	if (!ok)
		say_verdict(stream, result);
	fprintf(stream, "%s %u %s%s%s\n", ok ? "ok" : "not ok", result->index + 1, name, directive,
		*directive ? verdict->reason : "");
	fflush(stream);
}
