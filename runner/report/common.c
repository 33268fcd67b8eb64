#include "report/common.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

static int common_members(const json_t *objects, const char *const *names, json_t *ret);

/* Add `value` to a list; false when there is no memory. */
static bool add(json_t *list, json_t *value)
{
	return json_array_append(list, value) == 0;
}

/* 1 and the values of a member in all objects; 0 when one lacks it; -ENOMEM. */
static int values_of(const json_t *objects, const char *name, json_t *ret)
{
	for (size_t i = 0; i < json_array_size(objects); i++) {
		json_t *value = json_object_get(json_array_get(objects, i), name);

		if (!value)
			return 0;
		if (!add(ret, value))
			return -ENOMEM;
	}
	return json_array_size(ret) > 0;
}

/* 1 and the objects among the values when all others are null; 0 when not, or when there are none; -ENOMEM. */
static int only_objects(const json_t *values, json_t *ret)
{
	for (size_t i = 0; i < json_array_size(values); i++) {
		json_t *value = json_array_get(values, i);

		if (json_is_null(value))
			continue;
		if (!json_is_object(value))
			return 0;
		if (!add(ret, value))
			return -ENOMEM;
	}
	return json_array_size(ret) > 0;
}

static size_t count_equal(const json_t *values, const json_t *value)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(values); i++)
		count += (size_t)json_equal(json_array_get(values, i), value);
	return count;
}

/* A borrowed reference. Stops as soon as no other one can be more frequent. */
static json_t *most_frequent(const json_t *values)
{
	json_t *best = NULL;
	size_t most = 0, count;

	for (size_t i = 0; i < json_array_size(values) && most < json_array_size(values) - i; i++) {
		json_t *value = json_array_get(values, i);

		if (best && json_equal(value, best))
			continue;
		count = count_equal(values, value);
		if (count > most) {
			most = count;
			best = value;
		}
	}
	return best;
}

/* What objects have in common of the members that the first one has. A new reference, NULL without memory. */
static json_t *common_object(const json_t *objects)
{
	json_t *ret = json_object(), *ignored;
	const char *name;

	json_object_foreach(json_array_get(objects, 0), name, ignored)
	{
		const char *const names[] = {name, NULL};

		if (ret && common_members(objects, names, ret) < 0) {
			json_decref(ret);
			ret = NULL;
		}
	}
	return ret;
}

/* A new reference, NULL without memory. */
static json_t *common_value(const json_t *values)
{
	json_t *list = json_array(), *ret = NULL;
	int status = list ? only_objects(values, list) : -ENOMEM;

	if (status >= 0)
		ret = status ? common_object(list) : json_incref(most_frequent(values));
	json_decref(list);
	return ret;
}

static int common_member(const json_t *objects, const char *name, json_t *ret)
{
	json_t *values = json_array();
	int status = values ? values_of(objects, name, values) : -ENOMEM;

	if (status > 0)
		status = json_object_set_new(ret, name, common_value(values)) < 0 ? -ENOMEM : 0;
	json_decref(values);
	return status;
}

static int common_members(const json_t *objects, const char *const *names, json_t *ret)
{
	int status = 0;

	for (; *names && status == 0; names++)
		status = common_member(objects, *names, ret);
	return status;
}

json_t *common_of(const json_t *objects, const char *const *names)
{
	json_t *ret = json_object();

	if (ret && common_members(objects, names, ret) == 0)
		return ret;
	json_decref(ret);
	return NULL;
}

void common_leave_out(json_t *object, const json_t *common)
{
	const char *name;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)common, name, value)
	{
		json_t *own = json_object_get(object, name);

		if (json_equal(own, value)) {
			json_object_del(object, name);
		} else if (json_is_object(own) && json_is_object(value)) {
			common_leave_out(own, value);
			if (json_object_size(own) == 0)
				json_object_del(object, name);
		}
	}
}

json_t *common_put_back(const json_t *object, const json_t *common)
{
	json_t *whole = json_deep_copy(common);

	/* jansson 2.14 leaves out of a copy what there was no memory for. */
	if ((whole && !json_equal(whole, common)) ||
	    json_object_update_recursive(whole, (json_t *)(uintptr_t)object) < 0) {
		json_decref(whole);
		return NULL;
	}
	return whole;
}
