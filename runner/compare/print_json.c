/* A comparison as one JSON object: see "Comparisons" in results/README.md. */
#include <stdlib.h>
#include <string.h>

#include "compare/assignments.h"
#include "compare/change.h"
#include "compare/comparison.h"
#include "compare/settings.h"
#include "compare/summary.h"

#define COMPARISON_SCHEMA 1

/* Adding NULL is what a lack of memory looks like to jansson: noted, so that one question at the end is enough. */
static void put(json_t *object, const char *name, json_t *value, bool *failed)
{
	*failed |= json_object_set_new(object, name, value) < 0;
}

static void push(json_t *list, json_t *value, bool *failed)
{
	*failed |= json_array_append_new(list, value) < 0;
}

static json_t *text_or_null(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *parameters_to_json(const struct record *record, bool *failed)
{
	json_t *object = json_object();
	const char *at = record->parameters;
	struct assignment parameter;

	while (assignments_next(&at, &parameter)) {
		char *name = strndup(parameter.name, parameter.name_length);

		put(object, name, json_stringn(parameter.value, parameter.value_length), failed);
		free(name);
	}
	return object;
}

static json_t *key_to_json(const struct record *record, bool *failed)
{
	json_t *object = json_object();

	put(object, "scenario", json_string(record->scenario), failed);
	put(object, "parameters", parameters_to_json(record, failed), failed);
	put(object, "configuration", json_string(record->configuration), failed);
	put(object, "environment", json_string(record->environment), failed);
	put(object, "repeat", json_integer((json_int_t)record->repeat), failed);
	return object;
}

static json_t *measured_to_json(const struct measured *measured, bool *failed)
{
	json_t *object = json_object();

	put(object, "accepted",
	    measured->refused && !measured->by_chance ? json_integer((json_int_t)measured->accepted) : json_null(),
	    failed);
	for (int i = CHANGE_UNIT; i < CHANGES; i++) {
		enum change change = (enum change)i;

		put(object, change_name(change), text_or_null(change_text(change, measured)), failed);
	}
	return object;
}

static json_t *predicted_to_json(const struct predicted *predicted)
{
	if (!predicted->refused)
		return json_null();
	if (predicted->least == predicted->most)
		return json_integer((json_int_t)predicted->least);
	return json_pack("{s:I, s:I}", "least", (json_int_t)predicted->least, "most", (json_int_t)predicted->most);
}

static json_t *changes_to_json(unsigned changes, bool *failed)
{
	json_t *list = json_array();

	for (int i = 0; i < CHANGES; i++) {
		if (changes >> i & 1)
			push(list, json_string(change_name((enum change)i)), failed);
	}
	return list;
}

static json_t *by_to_json(const struct pair *pair, uint64_t by, bool *failed)
{
	json_t *list = json_array();

	for (unsigned fact = 0; fact < facts_count(); fact++) {
		json_t *object;

		if (!(by >> fact & 1))
			continue;
		object = json_object();
		put(object, "fact", json_string(fact_name(fact)), failed);
		put(object, "before", fact_value_to_json(fact, pair->before->facts), failed);
		put(object, "after", fact_value_to_json(fact, pair->after->facts), failed);
		push(list, object, failed);
	}
	return list;
}

static void put_setting(json_t *object, const char *name, const char *value, size_t length, bool *failed)
{
	put(object, name, json_loadb(value, length, JSON_DECODE_ANY, NULL), failed);
}

/* A side that does not set it lacks the member. */
static json_t *settings_to_json(const struct pair *pair, bool *failed)
{
	struct settings_walk walk = settings_begin(pair);
	struct settings_difference difference;
	json_t *list = json_array();

	while (settings_next(&walk, &difference)) {
		json_t *object = json_object();

		put(object, "name", json_stringn(difference.name, difference.name_length), failed);
		if (difference.has_before)
			put_setting(object, "before", difference.before, difference.before_length, failed);
		if (difference.has_after)
			put_setting(object, "after", difference.after, difference.after_length, failed);
		push(list, object, failed);
	}
	return list;
}

static void put_explanation(json_t *object, const struct pair *pair, const struct explanation *explanation,
			    bool *failed)
{
	json_t *predicted = json_object();

	put(object, "explained",
	    explanation->explained == EXPLAINED_UNKNOWN ? json_null()
							: json_boolean(explanation->explained == EXPLAINED_YES),
	    failed);
	put(object, "by", by_to_json(pair, explanation->by, failed), failed);
	if (explanation->predicted) {
		put(predicted, "before", predicted_to_json(&explanation->before), failed);
		put(predicted, "after", predicted_to_json(&explanation->after), failed);
		put(object, "predicted", predicted, failed);
	} else {
		json_decref(predicted);
		put(object, "predicted", json_null(), failed);
	}
	put(object, "text", json_string(explanation->text), failed);
}

static json_t *pair_to_json(const struct pair *pair, const struct explanation *explanation, bool *failed)
{
	const struct measured *before = &pair->before->measured, *after = &pair->after->measured;
	json_t *object = key_to_json(pair->before, failed);
	int64_t difference = 0;
	bool has_difference = change_difference(before, after, &difference);

	put(object, "before", measured_to_json(before, failed), failed);
	put(object, "after", measured_to_json(after, failed), failed);
	put(object, "difference", has_difference ? json_integer(difference) : json_null(), failed);
	put(object, "changed", changes_to_json(changes_of(before, after), failed), failed);
	put(object, "follows", json_boolean(pair->follows), failed);
	put_explanation(object, pair, explanation, failed);
	put(object, "settings", settings_to_json(pair, failed), failed);
	return object;
}

static json_t *missing_to_json(const struct pair *pair, bool *failed)
{
	json_t *object = key_to_json(pair->before ? pair->before : pair->after, failed);

	put(object, "side", json_string(pair->before ? "after" : "before"), failed);
	return object;
}

static json_t *distinct_to_json(const struct distinct *distinct, bool *failed)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < distinct->count; i++)
		push(list, json_string(distinct->values[i]), failed);
	if (distinct->more)
		push(list, json_string("..."), failed);
	return list;
}

static json_t *host_to_json(const struct comparison_set *comparison, bool *failed)
{
	json_t *list = json_array();

	for (int fact = 0; fact < HOST_FACTS; fact++) {
		const struct distinct *before = &comparison->before.host[fact];
		const struct distinct *after = &comparison->after.host[fact];
		json_t *object;

		if (!comparison_host_differs(comparison, (enum host_fact)fact))
			continue;
		object = json_object();
		put(object, "fact", json_string(host_fact_name((enum host_fact)fact)), failed);
		put(object, "before", distinct_to_json(before, failed), failed);
		put(object, "after", distinct_to_json(after, failed), failed);
		push(list, object, failed);
	}
	return list;
}

static void push_functions(json_t *list, const struct pairing *pairing, bool witnesses, bool *failed)
{
	const struct grouping *grouping = witnesses ? &grouping_witnesses : &grouping_functions;

	for (size_t at = 0; summary_next(grouping, pairing, &at); at++) {
		const struct measured *before = &pairing->pairs[at].before->measured;
		const struct measured *after = &pairing->pairs[at].after->measured;
		json_t *object = json_object();

		put(object, "seen_by", json_string(witnesses ? "witness" : "check"), failed);
		put(object, "before", json_string(witnesses ? before->witness : before->function), failed);
		put(object, "after", json_string(witnesses ? after->witness : after->function), failed);
		put(object, "cells", json_integer((json_int_t)summary_count(grouping, pairing, at)), failed);
		push(list, object, failed);
	}
}

static json_t *functions_to_json(const struct pairing *pairing, bool *failed)
{
	json_t *list = json_array();

	push_functions(list, pairing, false, failed);
	push_functions(list, pairing, true, failed);
	return list;
}

/* Both lists in one walk over the pairs. */
static int put_pairs(json_t *object, const struct comparison_set *comparison, const struct catalogue *catalogue,
		     bool *failed, struct err *err)
{
	json_t *moved = json_array(), *missing = json_array();
	int status = 0;

	for (size_t i = 0; i < comparison->pairing.count && status == 0 && !*failed; i++) {
		const struct pair *pair = &comparison->pairing.pairs[i];
		struct explanation explanation;

		if (!pair->before || !pair->after) {
			push(missing, missing_to_json(pair, failed), failed);
		} else if (comparison_moved(pair) || pair->follows) {
			status = explain_pair(catalogue, pair, &explanation, err);
			if (status == 0)
				push(moved, pair_to_json(pair, &explanation, failed), failed);
		}
	}
	put(object, "moved", moved, failed);
	put(object, "missing", missing, failed);
	return status;
}

int comparison_print_json(FILE *stream, const struct comparison_set *comparison, const struct catalogue *catalogue,
			  struct err *err)
{
	json_t *object = json_object();
	size_t pairs = comparison->pairing.complete;
	bool failed = false;
	int status;

	put(object, "schema", json_integer(COMPARISON_SCHEMA), &failed);
	put(object, "pairs", json_integer((json_int_t)pairs), &failed);
	put(object, "unchanged", json_integer((json_int_t)(pairs - comparison->moved - comparison->followed)), &failed);
	put(object, "environment_ignored", json_boolean(comparison->pairing.any_environment), &failed);
	put(object, "host", host_to_json(comparison, &failed), &failed);
	status = put_pairs(object, comparison, catalogue, &failed, err);
	put(object, "functions", functions_to_json(&comparison->pairing, &failed), &failed);
	/* A stream that takes no more is seen when it is flushed. */
	if (status == 0 && !failed && json_dumpf(object, stream, JSON_INDENT(2)) < 0 && !ferror(stream))
		failed = true;
	json_decref(object);
	if (status == 0 && failed)
		status = err_no_memory(err);
	if (status == 0)
		fputc('\n', stream);
	return status;
}
