#include "cell/observation.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/number.h"

const char *outcome_word(enum outcome outcome)
{
	static const char *const words[OUTCOMES] = {"ready",    "refused", "done",    "unprepared",
						    "no-start", "died",    "timeout", "broken"};

	return words[outcome];
}

static json_t *errno_to_json(int number)
{
	return number ? json_string(err_name(number)) : json_null();
}

static json_t *refusal_to_json(const struct refusal *refusal)
{
	char address[24];

	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)refusal->address);
	return json_pack("{s:s, s:o, s:o, s:I, s:s}", "call", refusal->call, "errno",
			 errno_to_json(refusal->kernel_errno), "api_errno", errno_to_json(refusal->api_errno), "pages",
			 (json_int_t)refusal->pages, "address", address);
}

static json_t *pushes_to_json(const struct observation *observation)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < observation->push_count; i++) {
		const struct push_result *push = &observation->pushes[i];

		json_array_append_new(list, json_pack("{s:o, s:b, s:I}", "error", errno_to_json(push->error), "refused",
						      push->refused, "more", (json_int_t)push->more));
	}
	return list;
}

static json_t *death_to_json(const struct death *died)
{
	return json_pack("{s:i, s:i}", "exit_status", died->exit_status, "signal", died->signal);
}

static json_t *traced_to_json(const struct traced *traced)
{
	return json_pack("{s:o, s:b, s:I}", "error", errno_to_json(traced->error), "refused", traced->refused, "more",
			 (json_int_t)traced->more);
}

json_t *observation_to_json(const struct observation *observation)
{
	json_t *json =
		json_pack("{s:i, s:s, s:s, s:I, s:I, s:I, s:I}", "schema", OBSERVATION_SCHEMA, "outcome",
			  outcome_word(observation->outcome), "problem", observation->problem, "at_most",
			  (json_int_t)observation->at_most, "accepted", (json_int_t)observation->accepted, "loop_ns",
			  (json_int_t)observation->loop_ns, "total_ns", (json_int_t)observation->total_ns);

	json_object_set_new(json, "commit_keeps_pages", json_boolean(observation->commit_keeps_pages));
	json_object_set_new(json, "synchronised", json_boolean(observation->synchronised));
	json_object_set_new(json, "cpu", observation->cpu < 0 ? json_null() : json_integer(observation->cpu));
	if (observation->has_before)
		json_object_set_new(json, "before", snapshot_to_json(&observation->before));
	if (observation->has_refusal) {
		json_object_set_new(json, "refusal", refusal_to_json(&observation->refusal));
		json_object_set_new(json, "standing", snapshot_to_json(&observation->standing));
	}
	if (observation->left[0])
		json_object_set_new(json, "left", json_string(observation->left));
	if (observation->has_after)
		json_object_set_new(json, "after", machine_to_json(&observation->after));
	if (observation->fix_tried)
		json_object_set_new(json, "fix", json_pack("{s:o}", "errno", errno_to_json(observation->fix_errno)));
	if (observation->traced.asked)
		json_object_set_new(json, "traced", traced_to_json(&observation->traced));
	if (observation->died.known)
		json_object_set_new(json, "died", death_to_json(&observation->died));
	json_object_set_new(json, "pushes", pushes_to_json(observation));
	return json;
}

static int bad(struct err *err, const char *member)
{
	return err_set(err, EINVAL, "cannot read observation: bad \"%s\"", member);
}

/* "ENOMEM", or "E524" for a number without a name. */
static int read_errno(const json_t *json, int *ret)
{
	const char *name = json_string_value(json);
	uint64_t number = 0;

	*ret = json_is_null(json) ? 0 : name ? err_number(name) : -EINVAL;
	if (*ret == -EINVAL && name && name[0] == 'E' && number_parse(name + 1, &number) == 0 && number < 4096)
		*ret = (int)number;
	return *ret < 0 ? -EINVAL : 0;
}

static int read_number(const json_t *json, uint64_t *ret)
{
	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return -EINVAL;
	*ret = (uint64_t)json_integer_value(json);
	return 0;
}

static int read_refusal(const json_t *json, struct refusal *ret, struct err *err)
{
	const char *call = json_string_value(json_object_get(json, "call"));
	const char *address = json_string_value(json_object_get(json, "address"));

	if (!call || strlen(call) >= sizeof(ret->call) || !address ||
	    read_number(json_object_get(json, "pages"), &ret->pages) < 0 ||
	    read_errno(json_object_get(json, "errno"), &ret->kernel_errno) < 0 ||
	    read_errno(json_object_get(json, "api_errno"), &ret->api_errno) < 0)
		return bad(err, "refusal");
	snprintf(ret->call, sizeof(ret->call), "%s", call);
	ret->address = strtoull(address, NULL, 16);
	return 0;
}

/* What became of a mapping that was to be replaced; not there when that was not looked at. */
static int read_left(const json_t *json, struct observation *ret, struct err *err)
{
	const char *word = json_string_value(json);

	if (!json)
		return 0;
	if (!word || (strcmp(word, "kept") != 0 && strcmp(word, "hole") != 0))
		return bad(err, "left");
	snprintf(ret->left, sizeof(ret->left), "%s", word);
	return 0;
}

static int read_pushes(const json_t *list, struct observation *ret, struct err *err)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > SPECIFICATION_PUSHES_MOST)
		return bad(err, "pushes");
	for (size_t i = 0; i < count; i++) {
		const json_t *push = json_array_get(list, i);

		ret->pushes[i].refused = json_is_true(json_object_get(push, "refused"));
		if (read_number(json_object_get(push, "more"), &ret->pushes[i].more) < 0 ||
		    read_errno(json_object_get(push, "error"), &ret->pushes[i].error) < 0)
			return bad(err, "pushes");
	}
	ret->push_count = (unsigned)count;
	return 0;
}

static int read_traced(const json_t *json, struct traced *ret, struct err *err)
{
	ret->asked = json != NULL;
	ret->refused = json_is_true(json_object_get(json, "refused"));
	if (json && (read_number(json_object_get(json, "more"), &ret->more) < 0 ||
		     read_errno(json_object_get(json, "error"), &ret->error) < 0))
		return bad(err, "traced");
	return 0;
}

static int read_outcome(const json_t *json, enum outcome *ret, struct err *err)
{
	const char *word = json_string_value(json);

	for (int i = 0; word && i < OUTCOMES; i++) {
		if (strcmp(word, outcome_word((enum outcome)i)) == 0) {
			*ret = (enum outcome)i;
			return 0;
		}
	}
	return bad(err, "outcome");
}

static int read_death(const json_t *json, struct death *ret, struct err *err)
{
	const json_t *status = json_object_get(json, "exit_status");
	const json_t *signal = json_object_get(json, "signal");

	ret->known = json != NULL;
	if (!json)
		return 0;
	if (!json_is_integer(status) || !json_is_integer(signal))
		return bad(err, "died");
	ret->exit_status = (int)json_integer_value(status);
	ret->signal = (int)json_integer_value(signal);
	return 0;
}

static int read_snapshots(const json_t *json, struct observation *ret, struct err *err)
{
	const json_t *before = json_object_get(json, "before");
	const json_t *refusal = json_object_get(json, "refusal");
	const json_t *after = json_object_get(json, "after");
	int status = 0;

	ret->has_before = before != NULL;
	ret->has_refusal = refusal != NULL;
	ret->has_after = after != NULL;
	if (before)
		status = snapshot_from_json(before, &ret->before, err);
	if (status == 0 && refusal)
		status = read_refusal(refusal, &ret->refusal, err);
	if (status == 0 && refusal)
		status = snapshot_from_json(json_object_get(json, "standing"), &ret->standing, err);
	if (status == 0 && after)
		status = machine_from_json(after, &ret->after, err);
	return status;
}

int observation_from_json(const json_t *json, struct observation *ret, struct err *err)
{
	struct observation observation = {0};
	const char *problem = json_string_value(json_object_get(json, "problem"));
	const json_t *fix = json_object_get(json, "fix");
	json_int_t cpu = json_integer_value(json_object_get(json, "cpu"));
	int status;

	if (json_integer_value(json_object_get(json, "schema")) != OBSERVATION_SCHEMA)
		return bad(err, "schema");
	if (!problem || read_number(json_object_get(json, "at_most"), &observation.at_most) < 0 ||
	    read_number(json_object_get(json, "accepted"), &observation.accepted) < 0 ||
	    read_number(json_object_get(json, "loop_ns"), &observation.loop_ns) < 0 ||
	    read_number(json_object_get(json, "total_ns"), &observation.total_ns) < 0)
		return bad(err, "problem, at_most, accepted, loop_ns or total_ns");
	snprintf(observation.problem, sizeof(observation.problem), "%s", problem);
	observation.cpu = cpu >= 0 && cpu <= INT_MAX && json_is_integer(json_object_get(json, "cpu")) ? (int)cpu : -1;
	observation.commit_keeps_pages = json_is_true(json_object_get(json, "commit_keeps_pages"));
	observation.synchronised = json_is_true(json_object_get(json, "synchronised"));
	observation.fix_tried = fix != NULL;
	if (fix && read_errno(json_object_get(fix, "errno"), &observation.fix_errno) < 0)
		return bad(err, "fix");
	status = read_outcome(json_object_get(json, "outcome"), &observation.outcome, err);
	if (status == 0)
		status = read_snapshots(json, &observation, err);
	if (status == 0)
		status = read_left(json_object_get(json, "left"), &observation, err);
	if (status == 0)
		status = read_pushes(json_object_get(json, "pushes"), &observation, err);
	if (status == 0)
		status = read_traced(json_object_get(json, "traced"), &observation.traced, err);
	if (status == 0)
		status = read_death(json_object_get(json, "died"), &observation.died, err);
	if (status == 0)
		*ret = observation;
	return status;
}
