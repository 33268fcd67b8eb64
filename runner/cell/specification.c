#include "cell/specification.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *push_kind_word(enum push_kind kind)
{
	static const char *const words[PUSH_KINDS] = {"limit", "pages", "maps", "commit", "exempt"};

	return words[kind];
}

static json_t *limits_to_json(const struct specification *specification)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *limit = &specification->limits[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:I}", "resource", limit_word(limit->resource),
						      "at", limit->at_exec ? "exec" : "run", "relative",
						      limit->relative, "bytes", (json_int_t)limit->bytes));
	}
	return list;
}

static json_t *pushes_to_json(const struct specification *specification)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < specification->push_count; i++) {
		const struct push *push = &specification->pushes[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "kind", push_kind_word(push->kind), "resource",
						      limit_word(push->resource), "amount", (json_int_t)push->amount));
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

json_t *specification_to_json(const struct specification *specification)
{
	return json_pack("{s:i, s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:i}", "schema",
			 SPECIFICATION_SCHEMA, "scenario", specification->scenario, "words",
			 words_to_json(specification), "timeout_ms", (json_int_t)specification->timeout_ms, "at_most",
			 (json_int_t)specification->at_most, "reserve_maps", (json_int_t)specification->reserve_maps,
			 "reserve_pages", (json_int_t)specification->reserve_pages, "reserve_commit_pages",
			 (json_int_t)specification->reserve_commit_pages, "synchronise_pages",
			 (json_int_t)specification->synchronise_pages, "limits", limits_to_json(specification),
			 "pushes", pushes_to_json(specification), "ready_only", specification->ready_only, "program_fd",
			 specification->program_fd);
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
		const char *resource, *at;
		json_int_t bytes;
		int relative;

		if (json_unpack(json_array_get(list, i), "{s:s, s:s, s:b, s:I}", "resource", &resource, "at", &at,
				"relative", &relative, "bytes", &bytes) < 0 ||
		    limit_from_word(resource) < 0 || bytes < 0 || (strcmp(at, "exec") != 0 && strcmp(at, "run") != 0))
			return bad(err, "limits");
		limit->resource = (enum limit_name)limit_from_word(resource);
		limit->at_exec = strcmp(at, "exec") == 0;
		limit->relative = relative != 0;
		limit->bytes = (uint64_t)bytes;
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
		const char *kind, *resource;
		json_int_t amount;

		if (json_unpack(json_array_get(list, i), "{s:s, s:s, s:I}", "kind", &kind, "resource", &resource,
				"amount", &amount) < 0 ||
		    push_kind_from_word(kind) < 0 || limit_from_word(resource) < 0 || amount < 0)
			return bad(err, "pushes");
		push->kind = (enum push_kind)push_kind_from_word(kind);
		push->resource = (enum limit_name)limit_from_word(resource);
		push->amount = (uint64_t)amount;
	}
	ret->push_count = (unsigned)count;
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
	status = read_words(json_object_get(json, "words"), &specification, err);
	if (status == 0)
		status = read_limits(json_object_get(json, "limits"), &specification, err);
	if (status == 0)
		status = read_pushes(json_object_get(json, "pushes"), &specification, err);
	if (status == 0)
		status = read_numbers(json, &specification, err);
	if (status == 0)
		*ret = specification;
	return status;
}
