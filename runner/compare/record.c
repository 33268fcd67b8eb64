#include "compare/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/assignments.h"
#include "compare/member.h"
#include "report/result_json.h"
#include "support/append.h"
#include "verdict/verdict.h"

static int check_schema(const json_t *result, struct err *err)
{
	const json_t *schema = json_object_get(result, "schema");

	if (!json_is_object(result) || !schema || !json_object_get(result, "scenario")) {
		err_set(err, EINVAL, "it is JSON but no result: %s",
			json_is_object(result) ? "it lacks \"schema\" or \"scenario\"" : "it is no object");
		return member_advise(err);
	}
	if (!json_is_integer(schema) || json_integer_value(schema) < 1)
		return member_bad(err, "schema");
	if (json_integer_value(schema) > RESULT_SCHEMA) {
		err_set(err, EINVAL, "it has schema %" JSON_INTEGER_FORMAT ", and this enomem reads %d",
			json_integer_value(schema), RESULT_SCHEMA);
		return err_advise(err, "update enomem to one that writes schema %" JSON_INTEGER_FORMAT,
				  json_integer_value(schema));
	}
	return 0;
}

/* A text that must be there and not be empty. */
static int read_text(const json_t *result, const char *name, char **ret, struct err *err)
{
	const char *text = member_text(result, name);

	if (!text || !*text)
		return member_bad(err, name);
	*ret = strdup(text);
	return *ret ? 0 : err_no_memory(err);
}

static int read_assignments(const json_t *result, const char *name, bool as_json, char **ret, struct err *err)
{
	int status = assignments_from_json(json_object_get(result, name), as_json, ret);

	if (status == -ENOMEM)
		return err_no_memory(err);
	return status < 0 ? member_bad(err, name) : 0;
}

static int read_repeat(const json_t *result, struct record *ret, struct err *err)
{
	const json_t *repeat = json_object_get(result, "repeat");

	ret->repeat = 1;
	if (repeat && (member_number(repeat, &ret->repeat) < 0 || ret->repeat == 0))
		return member_bad(err, "repeat");
	return 0;
}

static int read_key(const json_t *result, struct record *ret, struct err *err)
{
	int status = read_text(result, "scenario", &ret->scenario, err);

	if (status == 0)
		status = read_assignments(result, "parameters", false, &ret->parameters, err);
	if (status == 0)
		status = read_text(result, "configuration", &ret->configuration, err);
	if (status == 0)
		status = read_text(result, "environment", &ret->environment, err);
	if (status == 0)
		status = read_repeat(result, ret, err);
	return status;
}

static bool is_unit(const char *unit)
{
	return strcmp(unit, "operations") == 0 || strcmp(unit, "pages") == 0;
}

static int read_refusal(const json_t *result, struct measured *ret, struct err *err)
{
	const json_t *refusal = json_object_get(result, "refusal");

	if (json_is_null(refusal))
		return 0;
	if (!json_is_object(refusal))
		return member_bad(err, "refusal");
	ret->refused = true;
	ret->by_chance = json_is_null(json_object_get(refusal, "accepted")) && member_text(refusal, "bounded_by");
	if (!ret->by_chance && member_number(json_object_get(refusal, "accepted"), &ret->accepted) < 0)
		return member_bad(err, "refusal.accepted");
	if (member_copy(refusal, "unit", ret->unit, sizeof(ret->unit)) < 0 || !is_unit(ret->unit))
		return member_bad(err, "refusal.unit");
	if (member_copy(refusal, "call", ret->call, sizeof(ret->call)) < 0 || !ret->call[0])
		return member_bad(err, "refusal.call");
	if (member_copy(refusal, "errno", ret->error, sizeof(ret->error)) < 0)
		return member_bad(err, "refusal.errno");
	if (member_copy(refusal, "api_errno", ret->api_error, sizeof(ret->api_error)) < 0)
		return member_bad(err, "refusal.api_errno");
	if (member_copy(refusal, "end", ret->end, sizeof(ret->end)) < 0)
		return member_bad(err, "refusal.end");
	return 0;
}

static int read_cause(const json_t *result, struct measured *ret, struct err *err)
{
	const json_t *cause = json_object_get(result, "cause");

	if (!cause || json_is_null(cause))
		return 0;
	if (!json_is_object(cause))
		return member_bad(err, "cause");
	if (member_copy(cause, "check", ret->check, sizeof(ret->check)) < 0)
		return member_bad(err, "cause.check");
	if (member_copy(cause, "function", ret->function, sizeof(ret->function)) < 0)
		return member_bad(err, "cause.function");
	return 0;
}

static int read_witness(const json_t *result, struct measured *ret, struct err *err)
{
	const json_t *witness = json_object_get(result, "witness");

	if (!witness || json_is_null(witness))
		return 0;
	if (!json_is_object(witness))
		return member_bad(err, "witness");
	if (member_copy(witness, "function", ret->witness, sizeof(ret->witness)) < 0)
		return member_bad(err, "witness.function");
	return 0;
}

static int read_left(const json_t *result, struct measured *ret, struct err *err)
{
	const json_t *left = json_object_get(result, "left");

	if (!left)
		return 0;
	if (!json_is_object(left))
		return member_bad(err, "left");
	if (member_copy(left, "measured", ret->left, sizeof(ret->left)) < 0)
		return member_bad(err, "left.measured");
	return 0;
}

static int read_verdict(const json_t *result, struct measured *ret, struct err *err)
{
	const json_t *difference = json_object_get(result, "difference");
	json_int_t off = json_integer_value(difference);

	if (member_copy(result, "verdict", ret->verdict, sizeof(ret->verdict)) < 0)
		return member_bad(err, "verdict");
	if (difference && !json_is_integer(difference))
		return member_bad(err, "difference");
	if (strcmp(ret->verdict, verdict_word(VERDICT_EXACT)) == 0)
		ret->disturbed = off < 0 ? -(uint64_t)off : (uint64_t)off;
	for (int word = 0; word < VERDICT_WORDS; word++) {
		if (strcmp(ret->verdict, verdict_word((enum verdict_word)word)) == 0)
			return 0;
	}
	return member_bad(err, "verdict");
}

/* One number, or {"least", "most"}. */
static int read_band(const json_t *json, struct recorded_prediction *ret)
{
	if (!json_is_object(json)) {
		int status = member_number(json, &ret->least);

		ret->most = ret->least;
		return status;
	}
	if (member_number(json_object_get(json, "least"), &ret->least) < 0 ||
	    member_number(json_object_get(json, "most"), &ret->most) < 0)
		return -EINVAL;
	return ret->least <= ret->most ? 0 : -EINVAL;
}

static int read_prediction(const json_t *result, struct recorded_prediction *ret, struct err *err)
{
	const json_t *prediction = json_object_get(result, "prediction");
	const json_t *call = json_object_get(prediction, "call");

	if (!prediction || json_is_null(prediction))
		return 0;
	if (!json_is_object(prediction))
		return member_bad(err, "prediction");
	if (read_band(json_object_get(prediction, "accepted"), ret) < 0)
		return member_bad(err, "prediction.accepted");
	if (call && !json_is_null(call) && !member_text(prediction, "call"))
		return member_bad(err, "prediction.call");
	ret->known = true;
	ret->refused = json_is_string(call);
	return 0;
}

int record_from_json(const json_t *result, struct record *ret, struct err *err)
{
	int status = check_schema(result, err);

	*ret = (struct record){0};
	if (status == 0)
		status = read_key(result, ret, err);
	if (status == 0)
		status = read_refusal(result, &ret->measured, err);
	if (status == 0)
		status = read_cause(result, &ret->measured, err);
	if (status == 0)
		status = read_left(result, &ret->measured, err);
	if (status == 0)
		status = read_witness(result, &ret->measured, err);
	if (status == 0)
		status = read_verdict(result, &ret->measured, err);
	if (status == 0)
		status = read_prediction(result, &ret->prediction, err);
	if (status == 0 && json_object_get(result, "settings"))
		status = read_assignments(result, "settings", true, &ret->settings, err);
	if (status == 0)
		status = facts_from_json(result, &ret->facts, &ret->missing, err);
	return status;
}

void record_free(struct record *record)
{
	free(record->scenario);
	free(record->parameters);
	free(record->configuration);
	free(record->environment);
	free(record->settings);
	free(record->facts);
	*record = (struct record){0};
}

int record_compare(const struct record *a, const struct record *b, bool any_environment)
{
	int order = strcmp(a->scenario, b->scenario);

	if (order == 0)
		order = strcmp(a->parameters, b->parameters);
	if (order == 0)
		order = strcmp(a->configuration, b->configuration);
	if (order == 0 && !any_environment)
		order = strcmp(a->environment, b->environment);
	if (order)
		return order;
	return (a->repeat > b->repeat) - (a->repeat < b->repeat);
}

void record_label(const struct record *record, bool any_environment, char *buffer, size_t size)
{
	const char *at = record->parameters;
	struct assignment parameter;
	bool any = false;

	snprintf(buffer, size, "%s", record->scenario);
	for (; assignments_next(&at, &parameter); any = true)
		text_append(buffer, size, "%s%.*s=%.*s", any ? ", " : " (", (int)parameter.name_length, parameter.name,
			    (int)parameter.value_length, parameter.value);
	text_append(buffer, size, "%s [%s", any ? ")" : "", record->configuration);
	if (!any_environment)
		text_append(buffer, size, " in %s", record->environment);
	text_append(buffer, size, "]");
	if (record->repeat != 1)
		text_append(buffer, size, ", repeat %" PRIu64, record->repeat);
}
