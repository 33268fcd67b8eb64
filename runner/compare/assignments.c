#include "compare/assignments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/member.h"

bool assignments_next(const char **text, struct assignment *ret)
{
	size_t length = strcspn(*text, "\n");

	if (length == 0)
		return false;
	ret->name = *text;
	ret->name_length = strcspn(*text, "=");
	ret->value = *text + ret->name_length + 1;
	ret->value_length = length - ret->name_length - 1;
	*text += length + 1; /* every line ends with one */
	return true;
}

int assignment_compare(const struct assignment *a, const struct assignment *b)
{
	size_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
	int order = memcmp(a->name, b->name, shorter);

	if (order)
		return order;
	return (a->name_length > b->name_length) - (a->name_length < b->name_length);
}

static int by_name(const void *a, const void *b)
{
	const char *first = *(char *const *)a, *second = *(char *const *)b;
	struct assignment one, other;

	if (!assignments_next(&first, &one) || !assignments_next(&second, &other))
		return 0;
	return assignment_compare(&one, &other);
}

/* "name=value\n"; -EINVAL, -ENOMEM. */
static int make_line(const char *name, const json_t *value, bool as_json, char **ret)
{
	const char *text = json_string_value(value);
	char *encoded = NULL;
	int length;

	if (!*name || strchr(name, '=') || !member_is_plain(name) || (text && !member_is_plain(text)))
		return -EINVAL;
	if (!text && (!as_json || (!json_is_integer(value) && !json_is_null(value))))
		return -EINVAL;
	if (as_json) {
		text = encoded = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		if (!text)
			return -ENOMEM;
	}
	length = asprintf(ret, "%s=%s\n", name, text);
	free(encoded);
	return length < 0 ? -ENOMEM : 0;
}

static int make_lines(const json_t *object, bool as_json, char **lines, size_t *ret_count)
{
	/* The iterator does not change it; jansson has no other for a constant one. */
	json_t *iterated = (json_t *)(uintptr_t)object;
	const char *name;
	json_t *value;

	json_object_foreach(iterated, name, value)
	{
		int status = make_line(name, value, as_json, &lines[*ret_count]);

		if (status < 0)
			return status;
		(*ret_count)++;
	}
	return 0;
}

static char *join(char *const *lines, size_t count)
{
	size_t length = 1;
	char *text, *end;

	for (size_t i = 0; i < count; i++)
		length += strlen(lines[i]);
	text = end = malloc(length);
	if (!text)
		return NULL;
	*end = '\0';
	for (size_t i = 0; i < count; i++)
		end = stpcpy(end, lines[i]);
	return text;
}

int assignments_from_json(const json_t *object, bool as_json, char **ret)
{
	size_t count = 0;
	char **lines;
	int status;

	if (!json_is_object(object))
		return -EINVAL;
	lines = calloc(json_object_size(object) + 1, sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	status = make_lines(object, as_json, lines, &count);
	if (status == 0) {
		qsort(lines, count, sizeof(*lines), by_name);
		*ret = join(lines, count);
		status = *ret ? 0 : -ENOMEM;
	}
	while (count)
		free(lines[--count]);
	free(lines);
	return status;
}
