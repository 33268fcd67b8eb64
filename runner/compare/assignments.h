/*
 * Names with values (parameters, settings) as one text: a line `name=value` for each, sorted by
 * name. Two of them are the same when the texts are, and a million take little memory. Pure.
 */
#ifndef ENOMEM_COMPARE_ASSIGNMENTS_H
#define ENOMEM_COMPARE_ASSIGNMENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* One of them; points into the text. */
struct assignment {
	const char *name, *value;
	size_t name_length, value_length;
};

/*
 * Make the text of a JSON object, to be released with free(). Values are strings, taken as they
 * are, or, `as_json`, what JSON makes of integers, strings and null. -EINVAL when `object` is no
 * object or a name or value is of another kind; -ENOMEM.
 */
int assignments_from_json(const json_t *object, bool as_json, char **ret);

/* The next one at *text, which is moved behind it; false at the end. */
bool assignments_next(const char **text, struct assignment *ret);

/* As of strcmp(), by name. */
int assignment_compare(const struct assignment *a, const struct assignment *b);

#endif
