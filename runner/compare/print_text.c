/* A comparison for people. */
#include <inttypes.h>
#include <string.h>

#include "compare/assignments.h"
#include "compare/change.h"
#include "compare/comparison.h"
#include "compare/settings.h"
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

		if (distinct_equal(before, after))
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

/* "65508 -> 1002 operations (-64506)" */
static void print_moved(FILE *stream, const struct measured *before, const struct measured *after)
{
	int64_t difference;

	if (!before->refused && after->refused)
		fprintf(stream, MOVED "no refusal -> %" PRIu64 " %s\n", after->accepted, after->unit);
	else if (before->refused && !after->refused)
		fprintf(stream, MOVED "%" PRIu64 " %s -> no refusal\n", before->accepted, before->unit);
	else if (!change_difference(before, after, &difference))
		fprintf(stream, MOVED "%" PRIu64 " %s -> %" PRIu64 " %s\n", before->accepted, before->unit,
			after->accepted, after->unit);
	else
		fprintf(stream, MOVED "%" PRIu64 " -> %" PRIu64 " %s (%+" PRId64 ")\n", before->accepted,
			after->accepted, before->unit, difference);
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

static int print_pair(FILE *stream, const struct comparison_set *comparison, const struct pair *pair,
		      const struct catalogue *catalogue, struct err *err)
{
	const struct measured *before = &pair->before->measured, *after = &pair->after->measured;
	unsigned changes = changes_of(before, after);
	struct explanation explanation;
	char label[1000];
	int status = explain_pair(catalogue, pair, &explanation, err);

	if (status < 0)
		return status;
	record_label(pair->before, comparison->pairing.any_environment, label, sizeof(label));
	fprintf(stream, "%s\n", label);
	if (changes & (1U << CHANGE_REFUSAL | 1U << CHANGE_ACCEPTED | 1U << CHANGE_UNIT))
		print_moved(stream, before, after);
	print_changed(stream, changes, before, after);
	wrap_print(stream, WHY, DETAIL, explanation.text);
	print_settings(stream, pair);
	fputc('\n', stream);
	return 0;
}

static void print_missing(FILE *stream, const struct comparison_set *comparison)
{
	char label[1000];

	for (size_t i = 0; i < comparison->pairing.count; i++) {
		const struct pair *pair = &comparison->pairing.pairs[i];

		if (pair->before && pair->after)
			continue;
		record_label(pair->before ? pair->before : pair->after, comparison->pairing.any_environment, label,
			     sizeof(label));
		fprintf(stream, "missing in %-6s  %s\n", pair->before ? "AFTER" : "BEFORE", label);
	}
}

static void print_tally(FILE *stream, const struct comparison_set *comparison)
{
	size_t pairs = comparison->pairing.complete;

	if (comparison->missing)
		fputc('\n', stream);
	fprintf(stream, "%zu pair%s: %zu unchanged, %zu moved or changed", pairs, pairs == 1 ? "" : "s",
		pairs - comparison->moved, comparison->moved);
	if (comparison->missing)
		fprintf(stream, "; %zu cell%s without a partner", comparison->missing,
			comparison->missing == 1 ? "" : "s");
	fputc('\n', stream);
}

int comparison_print_text(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			  struct err *err)
{
	print_host(stream, comparison);
	for (size_t i = 0; i < comparison->pairing.count; i++) {
		const struct pair *pair = &comparison->pairing.pairs[i];
		int status = comparison_moved(pair) ? print_pair(stream, comparison, pair, catalogue, err) : 0;

		if (status < 0)
			return status;
	}
	print_missing(stream, comparison);
	print_tally(stream, comparison);
	return 0;
}
