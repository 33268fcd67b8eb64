#include "compare/table_row.h"

#include <inttypes.h>
#include <string.h>

#include "compare/change.h"
#include "compare/comparison.h"
#include "compare/follow.h"
#include "support/append.h"
#include "verdict/verdict.h"

const struct record *table_row_key(const struct table_row *row)
{
	unsigned i = 0;

	while (!row->cells[i])
		i++;
	return row->cells[i];
}

int table_row_judge(struct table_row *row, unsigned count, const struct catalogue *catalogue, struct err *err)
{
	const struct record *last = NULL;
	int changed = 0;

	for (unsigned i = 0; i < count; i++) {
		struct pair pair = {.before = last, .after = row->cells[i]};

		if (!pair.after)
			continue;
		if (follow_pair(catalogue, &pair, err) < 0)
			return -err->code;
		row->same[i] = last && !comparison_moved(&pair);
		changed |= last && !row->same[i];
		last = pair.after;
	}
	return changed;
}

static void add_refusal(const struct measured *measured, char *buffer, size_t size)
{
	if (measured->by_chance)
		text_append(buffer, size, "%s: %s", measured->call, measured->error);
	else
		text_append(buffer, size, "%" PRIu64 ", %s: %s", measured->accepted, measured->call,
			    measured->error[0] ? measured->error : measured->end);
	if (measured->check[0])
		text_append(buffer, size, " (%s)", measured->check);
	/* What is compared besides has a word of its own. */
	for (int i = CHANGE_CHECK + 1; i < CHANGE_VERDICT; i++) {
		const char *text = change_text((enum change)i, measured);

		if (*text)
			text_append(buffer, size, ", %s %s", change_name((enum change)i), text);
	}
}

void table_row_text(const struct table_row *row, unsigned file, char *buffer, size_t size)
{
	const struct record *cell = row->cells[file];

	if (!cell || row->same[file]) {
		snprintf(buffer, size, "%s", cell ? "=" : "-");
		return;
	}
	buffer[0] = '\0';
	if (cell->measured.refused)
		add_refusal(&cell->measured, buffer, size);
	else if (strcmp(cell->measured.verdict, verdict_word(VERDICT_NO_REFUSAL)) == 0)
		text_append(buffer, size, "no refusal");
	if (!*buffer || (cell->measured.refused && strcmp(cell->measured.verdict, verdict_word(VERDICT_EXACT)) != 0))
		text_append(buffer, size, "%s%s", *buffer ? ", " : "", cell->measured.verdict);
}

bool table_row_alike(const struct table_row *a, const struct table_row *b, unsigned count)
{
	const struct record *one = table_row_key(a), *other = table_row_key(b);
	char texts[2][256];

	if (strcmp(one->scenario, other->scenario) != 0 || strcmp(one->parameters, other->parameters) != 0 ||
	    one->repeat != other->repeat)
		return false;
	for (unsigned i = 0; i < count; i++) {
		table_row_text(a, i, texts[0], sizeof(texts[0]));
		table_row_text(b, i, texts[1], sizeof(texts[1]));
		if (strcmp(texts[0], texts[1]) != 0)
			return false;
	}
	return true;
}
