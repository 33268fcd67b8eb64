#include "compare/change.h"

#include <string.h>

const char *change_name(enum change change)
{
	static const char *const names[CHANGES] = {"refusal",   "accepted", "unit",  "call", "errno",
						   "api_errno", "end",      "check", "left", "verdict"};

	return names[change];
}

const char *change_text(enum change change, const struct measured *measured)
{
	switch (change) {
	case CHANGE_UNIT: return measured->unit;
	case CHANGE_CALL: return measured->call;
	case CHANGE_ERRNO: return measured->error;
	case CHANGE_API_ERRNO: return measured->api_error;
	case CHANGE_END: return measured->end;
	case CHANGE_CHECK: return measured->check;
	case CHANGE_LEFT: return measured->left;
	case CHANGE_VERDICT: return measured->verdict;
	default: return "";
	}
}

/* Results may leave these out, and then say nothing of them. */
static bool is_comparable(enum change change, const struct measured *before, const struct measured *after)
{
	if (change == CHANGE_API_ERRNO || change == CHANGE_END || change == CHANGE_LEFT)
		return *change_text(change, before) && *change_text(change, after);
	/* A refusal that is gone takes its call and the rest with it. */
	return before->refused == after->refused || change >= CHANGE_CHECK;
}

unsigned changes_of(const struct measured *before, const struct measured *after)
{
	unsigned changes = 0;

	if (before->refused != after->refused)
		changes |= 1U << CHANGE_REFUSAL;
	else if (before->accepted != after->accepted && !before->by_chance && !after->by_chance)
		changes |= 1U << CHANGE_ACCEPTED;
	for (int i = CHANGE_UNIT; i < CHANGES; i++) {
		enum change change = (enum change)i;

		if (is_comparable(change, before, after) &&
		    strcmp(change_text(change, before), change_text(change, after)) != 0)
			changes |= 1U << change;
	}
	return changes;
}

bool change_difference(const struct measured *before, const struct measured *after, int64_t *ret)
{
	if (!before->refused || !after->refused || strcmp(before->unit, after->unit) != 0 || before->by_chance ||
	    after->by_chance)
		return false;
	/* Both come from JSON's signed integers and are not negative. */
	*ret = (int64_t)after->accepted - (int64_t)before->accepted;
	return true;
}
