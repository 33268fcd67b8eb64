#include "compare/follow.h"

#include <stdio.h>
#include <string.h>

#include "compare/assignments.h"
#include "compare/change.h"
#include "compare/explain.h"
#include "support/append.h"

static bool is_guest(const struct record *record)
{
	return strncmp(record->environment, "vm:", 3) == 0;
}

static bool sets(const char *settings, const char *knob)
{
	struct assignment setting;

	while (assignments_next(&settings, &setting)) {
		if (setting.name_length == strlen(knob) && memcmp(setting.name, knob, setting.name_length) == 0)
			return true;
	}
	return false;
}

/* A file that does not say what it set may have set it. */
static bool is_free(const struct record *record, unsigned fact)
{
	return record->settings && !sets(record->settings, fact_name(fact));
}

static bool are_sizes(const struct pair *pair, uint64_t facts)
{
	for (unsigned fact = 0; fact < facts_count(); fact++) {
		if (!(facts >> fact & 1) || fact_is_size(fact))
			continue;
		if (!fact_is_sized_knob(fact) || !is_free(pair->before, fact) || !is_free(pair->after, fact))
			return false;
	}
	return true;
}

int follow_pair(const struct catalogue *catalogue, struct pair *pair, struct err *err)
{
	struct explanation explanation;
	unsigned changes;

	pair->follows = false;
	if (!pair->before || !pair->after || !is_guest(pair->before) || !is_guest(pair->after))
		return 0;
	/* Another verdict, or another way of saying no, is a change whatever the sizes are. */
	changes = changes_of(&pair->before->measured, &pair->after->measured);
	if (!changes || changes & (1U << CHANGE_VERDICT | 1U << CHANGE_API_ERRNO | 1U << CHANGE_END))
		return 0;
	if (explain_pair(catalogue, pair, &explanation, err) < 0)
		return -err->code;
	pair->follows = explanation.explained == EXPLAINED_YES && are_sizes(pair, explanation.by);
	pair->follows_facts = pair->follows ? explanation.by : 0;
	return 0;
}

void follow_text(uint64_t facts, char *buffer, size_t size)
{
	bool any = false;

	snprintf(buffer, size, "%s", facts ? "" : "nothing that the model tells apart");
	for (unsigned fact = 0; fact < facts_count(); fact++) {
		if (!(facts >> fact & 1))
			continue;
		text_append(buffer, size, "%s%s", !any ? "" : facts >> fact == 1 ? " and " : ", ", fact_label(fact));
		any = true;
	}
}
