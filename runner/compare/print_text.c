/* A comparison for people. */
#include <inttypes.h>
#include <string.h>

#include "compare/assignments.h"
#include "compare/change.h"
#include "compare/comparison.h"
#include "compare/settings.h"
#include "compare/summary.h"
#include "report/wrap.h"
#include "support/append.h"

/* Beginnings of the lines below a cell's name. */
#define MOVED "    moved    "
#define CHANGED "    changed  "
#define WHY "    why      "
#define SETTINGS "    set      "
#define DETAIL "             "

static void print_host(FILE *stream, const struct comparison_set *comparison)
{
	char one[640], other[640], line[1400];
	bool any = false;

	for (int fact = 0; fact < HOST_FACTS; fact++) {
		const struct distinct *before = &comparison->before.host[fact];
		const struct distinct *after = &comparison->after.host[fact];

		if (!comparison_host_differs(comparison, (enum host_fact)fact))
			continue;
		distinct_text(before, one, sizeof(one));
		distinct_text(after, other, sizeof(other));
		snprintf(line, sizeof(line), "%s %s -> %s", host_fact_name((enum host_fact)fact), one, other);
		wrap_print(stream, "", "  ", line);
		any = true;
	}
	if (comparison->pairing.any_environment) {
		fprintf(stream, "environment %s -> %s: the only one of each file, so cells are paired without it\n",
			comparison->before.records[0].environment, comparison->after.records[0].environment);
		any = true;
	}
	if (any)
		fputc('\n', stream);
}

/* "65508 operations"; of one without a number what there is instead. */
static void accepted_text(const struct measured *measured, char *buffer, size_t size)
{
	if (!measured->refused)
		snprintf(buffer, size, "no refusal");
	else if (measured->by_chance)
		snprintf(buffer, size, "as many %s as the address space has", measured->unit);
	else
		snprintf(buffer, size, "%" PRIu64 " %s", measured->accepted, measured->unit);
}

/* "65508 -> 1002 operations (-64506)" */
static void print_moved(FILE *stream, const struct measured *before, const struct measured *after)
{
	char from[80], to[80];
	int64_t difference;

	if (change_difference(before, after, &difference)) {
		fprintf(stream, MOVED "%" PRIu64 " -> %" PRIu64 " %s (%+" PRId64 ")\n", before->accepted,
			after->accepted, before->unit, difference);
		return;
	}
	accepted_text(before, from, sizeof(from));
	accepted_text(after, to, sizeof(to));
	fprintf(stream, MOVED "%s -> %s\n", from, to);
}

/* "call mmap -> fork, verdict EXACT -> OFF" */
static void print_changed(FILE *stream, unsigned changes, const struct measured *before, const struct measured *after)
{
	char text[600] = "";

	for (int i = CHANGE_CALL; i < CHANGES; i++) {
		enum change change = (enum change)i;
		const char *from = change_text(change, before), *to = change_text(change, after);

		if (changes >> i & 1)
			text_append(text, sizeof(text), "%s%s %s -> %s", text[0] ? ", " : "", change_name(change),
				    *from ? from : "none", *to ? to : "none");
	}
	if (text[0])
		wrap_print(stream, CHANGED, DETAIL, text);
}

static void print_settings(FILE *stream, const struct pair *pair)
{
	struct settings_walk walk = settings_begin(pair);
	struct settings_difference difference;
	char text[1000] = "";

	while (settings_next(&walk, &difference))
		text_append(text, sizeof(text), "%s%.*s %.*s -> %.*s", text[0] ? ", " : "", (int)difference.name_length,
			    difference.name, (int)difference.before_length, difference.before,
			    (int)difference.after_length, difference.after);
	if (text[0])
		wrap_print(stream, SETTINGS, DETAIL, text);
}

int comparison_print_pair(FILE *stream, bool any_environment, const struct pair *pair,
			  const struct catalogue *catalogue, struct err *err)
{
	const struct measured *before = &pair->before->measured, *after = &pair->after->measured;
	unsigned changes = changes_of(before, after);
	struct explanation explanation;
	char label[1000];
	int status = explain_pair(catalogue, pair, &explanation, err);

	if (status < 0)
		return status;
	record_label(pair->before, any_environment, label, sizeof(label));
	fprintf(stream, "%s\n", label);
	if (changes & (1U << CHANGE_REFUSAL | 1U << CHANGE_ACCEPTED | 1U << CHANGE_UNIT))
		print_moved(stream, before, after);
	print_changed(stream, changes, before, after);
	wrap_print(stream, WHY, DETAIL, explanation.text);
	print_settings(stream, pair);
	return 0;
}

static void print_missing(FILE *stream, const struct comparison_set *comparison)
{
	char label[1000];
	bool any = false;

	for (size_t i = 0; i < comparison->pairing.count; i++) {
		const struct pair *pair = &comparison->pairing.pairs[i];

		if ((pair->before && pair->after) || (pair->before && comparison->partial))
			continue;
		record_label(pair->before ? pair->before : pair->after, comparison->pairing.any_environment, label,
			     sizeof(label));
		fprintf(stream, "missing in %-6s  %s\n", pair->before ? "AFTER" : "BEFORE", label);
		any = true;
	}
	if (any)
		fputc('\n', stream);
}

/* "; 3 cells of FILE were not run; 1 cell of this run is not in it" */
static void print_not_run(FILE *stream, const struct comparison_set *comparison)
{
	size_t not_run = comparison->missing_after, unknown = comparison->missing - not_run;
	const char *name = comparison->before.name;

	if (not_run)
		fprintf(stream, "; %zu cell%s of %s %s not run", not_run, not_run == 1 ? "" : "s", name,
			not_run == 1 ? "was" : "were");
	if (unknown)
		fprintf(stream, "; %zu cell%s of this run %s not in %s", unknown, unknown == 1 ? "" : "s",
			unknown == 1 ? "is" : "are", name);
}

static void print_alone(FILE *stream, const struct comparison_set *comparison)
{
	if (comparison->partial)
		print_not_run(stream, comparison);
	else if (comparison->missing)
		fprintf(stream, "; %zu cell%s without a partner", comparison->missing,
			comparison->missing == 1 ? "" : "s");
}

void comparison_print_tally(FILE *stream, const char *prefix, const struct comparison_set *comparison)
{
	size_t pairs = comparison->pairing.complete;

	summary_print_follows(stream, prefix, &comparison->pairing);
	if (comparison->lists_functions)
		summary_print_functions(stream, prefix, &comparison->pairing);
	fprintf(stream, "%s%zu pair%s: %zu unchanged, %zu moved or changed", prefix, pairs, pairs == 1 ? "" : "s",
		pairs - comparison->moved - comparison->followed, comparison->moved);
	if (comparison->followed)
		fprintf(stream, ", %zu moved with sizes only", comparison->followed);
	print_alone(stream, comparison);
	fputc('\n', stream);
}

int comparison_print_text(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			  struct err *err)
{
	bool any_environment = comparison->pairing.any_environment;

	print_host(stream, comparison);
	for (size_t i = 0; i < comparison->pairing.count; i++) {
		const struct pair *pair = &comparison->pairing.pairs[i];

		if (!comparison_moved(pair))
			continue;
		if (comparison_print_pair(stream, any_environment, pair, catalogue, err) < 0)
			return -err->code;
		fputc('\n', stream);
	}
	print_missing(stream, comparison);
	comparison_print_tally(stream, "", comparison);
	return 0;
}
