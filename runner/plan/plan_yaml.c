#include "plan/plan_yaml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* More than any plan needs, and little enough to be built at once. */
#define DEPTH_MOST 8
#define EVENTS_MOST 100000

static size_t line_of_offset(const char *text, size_t length, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < length && i < offset; i++)
		line += text[i] == '\n';
	return line;
}

/* What libyaml found wrong. Of bytes that are no text it knows the place only as an offset. */
static int syntax_error(const yaml_parser_t *parser, const char *text, size_t length, const char *name, struct err *err)
{
	size_t line = parser->problem_mark.line + 1;

	if (parser->error == YAML_MEMORY_ERROR)
		return err_no_memory(err);
	if (parser->error == YAML_READER_ERROR)
		line = line_of_offset(text, length, parser->problem_offset);
	err_set(err, EINVAL, "cannot read %s: line %zu: %s", name, line,
		parser->problem ? parser->problem : "it is no YAML");
	return err_advise(err, "plans are YAML in UTF-8; plans/example.yaml is one");
}

struct scan {
	const char *name;
	unsigned depth, documents, events;
};

static int refuse(const struct scan *scan, const yaml_event_t *event, const char *reason, struct err *err)
{
	return err_set(err, EINVAL, "cannot read %s: line %zu: %s", scan->name, event->start_mark.line + 1, reason);
}

static const char *anchor_of(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT: return "alias";
	case YAML_SCALAR_EVENT: return (const char *)event->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT: return (const char *)event->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT: return (const char *)event->data.mapping_start.anchor;
	default: return NULL;
	}
}

static int check_event(struct scan *scan, const yaml_event_t *event, struct err *err)
{
	bool opens = event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
	bool closes = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;

	scan->depth += opens;
	scan->depth -= closes;
	if (anchor_of(event))
		return refuse(scan, event, "anchors and aliases are not for plans", err);
	if (scan->depth > DEPTH_MOST)
		return refuse(scan, event, "it is nested too deep", err);
	if (++scan->events > EVENTS_MOST)
		return refuse(scan, event, "it has too many parts", err);
	if (event->type == YAML_DOCUMENT_START_EVENT && ++scan->documents > 1)
		return refuse(scan, event, "a second document begins; a plan is one", err);
	return 0;
}

/* Event by event, before a document is built: what is built of little text may be large. */
static int check(const char *text, size_t length, const char *name, struct err *err)
{
	struct scan scan = {.name = name};
	yaml_parser_t parser;
	bool ended = false;
	int status = 0;

	if (!yaml_parser_initialize(&parser))
		return err_no_memory(err);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	while (status == 0 && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			status = syntax_error(&parser, text, length, name, err);
			break;
		}
		status = check_event(&scan, &event, err);
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return status;
}

int plan_yaml_load(const char *text, size_t length, const char *name, struct plan_yaml *ret, struct err *err)
{
	yaml_parser_t parser;
	int status = check(text, length, name, err);

	ret->name = name;
	if (status < 0)
		return status;
	if (!yaml_parser_initialize(&parser))
		return err_no_memory(err);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	if (!yaml_parser_load(&parser, &ret->document))
		status = syntax_error(&parser, text, length, name, err);
	yaml_parser_delete(&parser);
	return status;
}

int plan_yaml_at(const struct plan_yaml *yaml, const yaml_node_t *node, const char *field, struct err *err)
{
	char reason[sizeof(err->text)];

	snprintf(reason, sizeof(reason), "%s", err->text);
	snprintf(err->text, sizeof(err->text), "cannot read %.120s: line %zu: %.120s%s%.200s", yaml->name,
		 node->start_mark.line + 1, field, *field ? ": " : "", reason);
	return -err->code;
}

bool plan_yaml_is_null(const yaml_node_t *node)
{
	const char *text = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "value";

	return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (strcmp(text, "") == 0 || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

const char *plan_yaml_scalar(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE || strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
		return NULL;
	return plan_yaml_is_null(node) ? "" : (const char *)node->data.scalar.value;
}

static int check_key(struct plan_yaml *yaml, const yaml_node_t *mapping, const yaml_node_pair_t *pair,
		     const char *field, struct err *err)
{
	const yaml_node_t *node = yaml_document_get_node(&yaml->document, pair->key);
	const char *key = plan_yaml_scalar(node);

	if (!key || !*key) {
		err_set(err, EINVAL, "a name must stand before the colon");
		return plan_yaml_at(yaml, node, field, err);
	}
	for (const yaml_node_pair_t *other = mapping->data.mapping.pairs.start; other < pair; other++) {
		const yaml_node_t *first = yaml_document_get_node(&yaml->document, other->key);

		if (strcmp((const char *)first->data.scalar.value, key) != 0)
			continue;
		err_set(err, EINVAL, "\"%.60s\" stands here twice, first in line %zu", key, first->start_mark.line + 1);
		return plan_yaml_at(yaml, node, field, err);
	}
	return 0;
}

int plan_yaml_each_pair(struct plan_yaml *yaml, const yaml_node_t *mapping, const char *field, plan_yaml_pair *take,
			void *context, struct err *err)
{
	int status = 0;

	if (mapping->type != YAML_MAPPING_NODE) {
		err_set(err, EINVAL, "names with values are expected here, NAME: VALUE");
		return plan_yaml_at(yaml, mapping, field, err);
	}
	for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
	     pair < mapping->data.mapping.pairs.top && status == 0; pair++) {
		char inner[200];
		const char *key;

		status = check_key(yaml, mapping, pair, field, err);
		if (status < 0)
			break;
		key = plan_yaml_scalar(yaml_document_get_node(&yaml->document, pair->key));
		snprintf(inner, sizeof(inner), "%.120s%s%.60s", field, *field ? "." : "", key);
		status = take(yaml, key, yaml_document_get_node(&yaml->document, pair->value), inner, context, err);
	}
	return status;
}

int plan_yaml_each_item(struct plan_yaml *yaml, yaml_node_t *list, const char *field, plan_yaml_item *take,
			void *context, struct err *err)
{
	int status = 0;

	if (list->type == YAML_SCALAR_NODE && !plan_yaml_is_null(list))
		return take(yaml, list, field, context, err);
	if (list->type != YAML_SEQUENCE_NODE || list->data.sequence.items.start == list->data.sequence.items.top) {
		err_set(err, EINVAL, list->type == YAML_MAPPING_NODE ? "a list is expected here" : "it is empty");
		return plan_yaml_at(yaml, list, field, err);
	}
	for (const yaml_node_item_t *item = list->data.sequence.items.start;
	     item < list->data.sequence.items.top && status == 0; item++)
		status = take(yaml, yaml_document_get_node(&yaml->document, *item), field, context, err);
	return status;
}
