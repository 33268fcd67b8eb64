#include "cell/specification.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *push_kind_word(enum push_kind kind)
{
	static const char *const words[PUSH_KINDS] = {"limit", "pages", "maps", "commit", "exempt", "knob"};

	return words[kind];
}

bool specification_limits_start(const struct specification *specification)
{
	for (unsigned i = 0; i < specification->limit_count; i++) {
		if (specification->limits[i].at_exec && specification->limits[i].resource != LIMIT_STACK)
			return true;
	}
	return false;
}

/* Unlimited is null. */
static json_t *limit_to_json(uint64_t value)
{
	return value > INT64_MAX ? json_null() : json_integer((json_int_t)value);
}

static int limit_from_json(const json_t *json, uint64_t *ret)
{
	*ret = json_is_null(json) ? UNLIMITED : (uint64_t)json_integer_value(json);
	return json_is_null(json) || (json_is_integer(json) && json_integer_value(json) >= 0) ? 0 : -EINVAL;
}

static json_t *limits_to_json(const struct specification *specification)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *limit = &specification->limits[i];

		json_t *json = json_pack("{s:s, s:s, s:b, s:o}", "resource", limit_word(limit->resource), "at",
					 limit->at_exec ? "exec" : "run", "relative", limit->relative, "bytes",
					 limit_to_json(limit->bytes));

		if (limit->has_hard)
			json_object_set_new(json, "hard_bytes", limit_to_json(limit->hard_bytes));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *pushes_to_json(const struct specification *specification)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < specification->push_count; i++) {
		const struct push *push = &specification->pushes[i];

		json_t *json = json_pack("{s:s, s:s, s:I}", "kind", push_kind_word(push->kind), "resource",
					 limit_word(push->resource), "amount", (json_int_t)push->amount);

		if (push->kind == PUSH_KNOB)
			json_object_set_new(json, "knob", json_string(push->knob));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *words_to_json(const struct specification *specification)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < specification->word_count; i++)
		json_array_append_new(list, json_string(specification->words[i]));
	return list;
}

static json_t *groups_to_json(const struct specification *specification)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < specification->group_count; i++)
		json_array_append_new(list, json_integer(specification->group_fds[i]));
	return list;
}

json_t *specification_to_json(const struct specification *specification)
{
	return json_pack("{s:i, s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:b, s:i, s:o}", "schema",
			 SPECIFICATION_SCHEMA, "scenario", specification->scenario, "words",
			 words_to_json(specification), "timeout_ms", (json_int_t)specification->timeout_ms, "at_most",
			 (json_int_t)specification->at_most, "reserve_maps", (json_int_t)specification->reserve_maps,
			 "reserve_pages", (json_int_t)specification->reserve_pages, "reserve_commit_pages",
			 (json_int_t)specification->reserve_commit_pages, "synchronise_pages",
			 (json_int_t)specification->synchronise_pages, "limits", limits_to_json(specification),
			 "pushes", pushes_to_json(specification), "ready_only", specification->ready_only, "witness",
			 specification->witness, "program_fd", specification->program_fd, "group_fds",
			 groups_to_json(specification));
}

static int bad(struct err *err, const char *member)
{
	return err_set(err, EINVAL, "cannot read cell specification: bad \"%s\"", member);
}

static int read_words(const json_t *list, struct specification *ret, struct err *err)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > SPECIFICATION_WORDS_MOST)
		return bad(err, "words");
	for (size_t i = 0; i < count; i++) {
		const char *word = json_string_value(json_array_get(list, i));

		if (!word || strlen(word) >= sizeof(ret->words[i]))
			return bad(err, "words");
		snprintf(ret->words[i], sizeof(ret->words[i]), "%s", word);
	}
	ret->word_count = (unsigned)count;
	return 0;
}

static int read_limits(json_t *list, struct specification *ret, struct err *err)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > SPECIFICATION_LIMITS_MOST)
		return bad(err, "limits");
	for (size_t i = 0; i < count; i++) {
		struct limit_setting *limit = &ret->limits[i];
		json_t *json = json_array_get(list, i);
		const json_t *hard = json_object_get(json, "hard_bytes");
		const char *resource, *at;
		int relative;

		if (json_unpack(json, "{s:s, s:s, s:b}", "resource", &resource, "at", &at, "relative", &relative) < 0 ||
		    limit_from_word(resource) < 0 || (strcmp(at, "exec") != 0 && strcmp(at, "run") != 0) ||
		    limit_from_json(json_object_get(json, "bytes"), &limit->bytes) < 0 ||
		    (hard && limit_from_json(hard, &limit->hard_bytes) < 0))
			return bad(err, "limits");
		limit->has_hard = hard != NULL;
		limit->resource = (enum limit_name)limit_from_word(resource);
		limit->at_exec = strcmp(at, "exec") == 0;
		limit->relative = relative != 0;
	}
	ret->limit_count = (unsigned)count;
	return 0;
}

static int push_kind_from_word(const char *word)
{
	for (int kind = 0; kind < PUSH_KINDS; kind++) {
		if (strcmp(word, push_kind_word((enum push_kind)kind)) == 0)
			return kind;
	}
	return -1;
}

static int read_pushes(json_t *list, struct specification *ret, struct err *err)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > SPECIFICATION_PUSHES_MOST)
		return bad(err, "pushes");
	for (size_t i = 0; i < count; i++) {
		struct push *push = &ret->pushes[i];
		const char *kind, *resource, *knob = "";
		json_int_t amount;

		if (json_unpack(json_array_get(list, i), "{s:s, s:s, s:I, s?s}", "kind", &kind, "resource", &resource,
				"amount", &amount, "knob", &knob) < 0 ||
		    push_kind_from_word(kind) < 0 || limit_from_word(resource) < 0 || amount < 0 ||
		    strlen(knob) >= sizeof(push->knob))
			return bad(err, "pushes");
		snprintf(push->knob, sizeof(push->knob), "%s", knob);
		push->kind = (enum push_kind)push_kind_from_word(kind);
		push->resource = (enum limit_name)limit_from_word(resource);
		push->amount = (uint64_t)amount;
	}
	ret->push_count = (unsigned)count;
	return 0;
}

/* Left out: none. */
static int read_groups(const json_t *list, struct specification *ret, struct err *err)
{
	size_t count = json_array_size(list);

	if ((list && !json_is_array(list)) || count > SPECIFICATION_GROUPS_MOST)
		return bad(err, "group_fds");
	for (size_t i = 0; i < count; i++) {
		if (!json_is_integer(json_array_get(list, i)))
			return bad(err, "group_fds");
		ret->group_fds[i] = (int)json_integer_value(json_array_get(list, i));
	}
	ret->group_count = (unsigned)count;
	return 0;
}

static int read_number(const json_t *json, const char *name, uint64_t *ret, struct err *err)
{
	const json_t *value = json_object_get(json, name);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return bad(err, name);
	*ret = (uint64_t)json_integer_value(value);
	return 0;
}

static int read_numbers(const json_t *json, struct specification *ret, struct err *err)
{
	const struct {
		const char *name;
		uint64_t *member;
	} numbers[] = {
		{"timeout_ms", &ret->timeout_ms},
		{"at_most", &ret->at_most},
		{"reserve_maps", &ret->reserve_maps},
		{"reserve_pages", &ret->reserve_pages},
		{"reserve_commit_pages", &ret->reserve_commit_pages},
		{"synchronise_pages", &ret->synchronise_pages},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		int status = read_number(json, numbers[i].name, numbers[i].member, err);

		if (status < 0)
			return status;
	}
	return 0;
}

int specification_from_json(const json_t *json, struct specification *ret, struct err *err)
{
	struct specification specification = {0};
	const char *name = json_string_value(json_object_get(json, "scenario"));
	const json_t *program_fd = json_object_get(json, "program_fd");
	int status;

	if (json_integer_value(json_object_get(json, "schema")) != SPECIFICATION_SCHEMA)
		return bad(err, "schema");
	if (!name || strlen(name) >= sizeof(specification.scenario))
		return bad(err, "scenario");
	if (!json_is_integer(program_fd))
		return bad(err, "program_fd");
	snprintf(specification.scenario, sizeof(specification.scenario), "%s", name);
	specification.program_fd = (int)json_integer_value(program_fd);
	specification.ready_only = json_is_true(json_object_get(json, "ready_only"));
	specification.witness = json_is_true(json_object_get(json, "witness"));
	status = read_words(json_object_get(json, "words"), &specification, err);
	if (status == 0)
		status = read_limits(json_object_get(json, "limits"), &specification, err);
	if (status == 0)
		status = read_pushes(json_object_get(json, "pushes"), &specification, err);
	if (status == 0)
		status = read_groups(json_object_get(json, "group_fds"), &specification, err);
	if (status == 0)
		status = read_numbers(json, &specification, err);
	if (status == 0)
		*ret = specification;
	return status;
}
