#include "compare/settings.h"

#include <string.h>

#include "compare/assignments.h"

#define UNSET "unset"

struct settings_walk settings_begin(const struct pair *pair)
{
	/* A file of an enomem that did not write them says nothing of them. */
	if (!pair->before->settings || !pair->after->settings)
		return (struct settings_walk){"", ""};
	return (struct settings_walk){pair->before->settings, pair->after->settings};
}

/* `order` says which side has it: below 0 the first alone, above 0 the second alone. */
static void fill(int order, const struct assignment *before, const struct assignment *after,
		 struct settings_difference *ret)
{
	const struct assignment *named = order <= 0 ? before : after;

	*ret = (struct settings_difference){
		.name = named->name,
		.name_length = named->name_length,
		.before = order <= 0 ? before->value : UNSET,
		.before_length = order <= 0 ? before->value_length : strlen(UNSET),
		.after = order >= 0 ? after->value : UNSET,
		.after_length = order >= 0 ? after->value_length : strlen(UNSET),
		.has_before = order <= 0,
		.has_after = order >= 0,
	};
}

static bool same_value(const struct assignment *a, const struct assignment *b)
{
	return a->value_length == b->value_length && memcmp(a->value, b->value, a->value_length) == 0;
}

bool settings_next(struct settings_walk *walk, struct settings_difference *ret)
{
	while (*walk->before || *walk->after) {
		const char *before = walk->before, *after = walk->after;
		struct assignment one, other;
		bool has_one = assignments_next(&before, &one), has_other = assignments_next(&after, &other);
		int order = !has_one ? 1 : !has_other ? -1 : assignment_compare(&one, &other);

		if (order <= 0)
			walk->before = before;
		if (order >= 0)
			walk->after = after;
		if (order == 0 && same_value(&one, &other))
			continue;
		fill(order, &one, &other, ret);
		return true;
	}
	return false;
}
