#include "compare/summary.h"

#include <string.h>

#include "compare/follow.h"
#include "support/append.h"

static bool follows(const struct pair *pair)
{
	return pair->follows;
}

static bool follows_alike(const struct pair *a, const struct pair *b)
{
	return a->follows_facts == b->follows_facts;
}

static bool both_and_different(const char *a, const char *b)
{
	return *a && *b && strcmp(a, b) != 0;
}

static bool function_moved(const struct pair *pair)
{
	const struct measured *before = &pair->before->measured, *after = &pair->after->measured;

	/* Another check stands elsewhere: that is said by its name. */
	return strcmp(before->check, after->check) == 0 && both_and_different(before->function, after->function);
}

static bool functions_alike(const struct pair *a, const struct pair *b)
{
	return strcmp(a->before->measured.function, b->before->measured.function) == 0 &&
	       strcmp(a->after->measured.function, b->after->measured.function) == 0;
}

static bool witness_moved(const struct pair *pair)
{
	return both_and_different(pair->before->measured.witness, pair->after->measured.witness);
}

static bool witnesses_alike(const struct pair *a, const struct pair *b)
{
	return strcmp(a->before->measured.witness, b->before->measured.witness) == 0 &&
	       strcmp(a->after->measured.witness, b->after->measured.witness) == 0;
}

const struct grouping grouping_follows = {follows, follows_alike};
const struct grouping grouping_functions = {function_moved, functions_alike};
const struct grouping grouping_witnesses = {witness_moved, witnesses_alike};

static bool is_in(const struct grouping *grouping, const struct pair *pair, const struct pair *first)
{
	return pair->before && pair->after && grouping->belongs(pair) && (!first || grouping->alike(first, pair));
}

static bool is_first(const struct grouping *grouping, const struct pairing *pairing, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (is_in(grouping, &pairing->pairs[i], &pairing->pairs[at]))
			return false;
	}
	return true;
}

bool summary_next(const struct grouping *grouping, const struct pairing *pairing, size_t *at)
{
	for (; *at < pairing->count; ++*at) {
		if (is_in(grouping, &pairing->pairs[*at], NULL) && is_first(grouping, pairing, *at))
			return true;
	}
	return false;
}

size_t summary_count(const struct grouping *grouping, const struct pairing *pairing, size_t at)
{
	size_t count = 0;

	for (size_t i = at; i < pairing->count; i++)
		count += is_in(grouping, &pairing->pairs[i], &pairing->pairs[at]);
	return count;
}

/* "big-fork x2, oversized-mmap x4": pairs are sorted by scenario. */
static void add_scenarios(const struct grouping *grouping, const struct pairing *pairing, size_t at, char *buffer,
			  size_t size)
{
	const char *scenario = NULL;
	size_t count = 0;

	for (size_t i = at; i <= pairing->count; i++) {
		const struct pair *pair = i < pairing->count ? &pairing->pairs[i] : NULL;

		if (pair && !is_in(grouping, pair, &pairing->pairs[at]))
			continue;
		if (scenario && (!pair || strcmp(pair->before->scenario, scenario) != 0)) {
			text_append(buffer, size, " %s x%zu,", scenario, count);
			count = 0;
		}
		if (pair)
			scenario = pair->before->scenario;
		count++;
	}
	buffer[strlen(buffer) - 1] = '\0';
}

void summary_print_follows(FILE *stream, const char *prefix, const struct pairing *pairing)
{
	char sizes[400], line[1400];

	for (size_t at = 0; summary_next(&grouping_follows, pairing, &at); at++) {
		size_t count = summary_count(&grouping_follows, pairing, at);

		follow_text(pairing->pairs[at].follows_facts, sizes, sizeof(sizes));
		snprintf(line, sizeof(line), "%zu refusal%s %s %s:", count, count == 1 ? "" : "s",
			 count == 1 ? "follows" : "follow", sizes);
		add_scenarios(&grouping_follows, pairing, at, line, sizeof(line));
		fprintf(stream, "%s%s\n", prefix, line);
	}
}

static void print_moved(FILE *stream, const char *prefix, const struct pairing *pairing,
			const struct grouping *grouping, bool witnesses)
{
	char line[1400];

	for (size_t at = 0; summary_next(grouping, pairing, &at); at++) {
		const struct measured *before = &pairing->pairs[at].before->measured;
		const struct measured *after = &pairing->pairs[at].after->measured;

		snprintf(line, sizeof(line), "%s %s -> %s:", witnesses ? "witness" : "check stands in",
			 witnesses ? before->witness : before->function, witnesses ? after->witness : after->function);
		add_scenarios(grouping, pairing, at, line, sizeof(line));
		fprintf(stream, "%s%s\n", prefix, line);
	}
}

void summary_print_functions(FILE *stream, const char *prefix, const struct pairing *pairing)
{
	print_moved(stream, prefix, pairing, &grouping_functions, false);
	print_moved(stream, prefix, pairing, &grouping_witnesses, true);
}
