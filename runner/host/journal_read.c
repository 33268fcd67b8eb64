/* Reading a journal's text; pure, and without the heap. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/journal.h"

/* A line's words, in the text; the last one of each line ends at the newline. */
struct line {
	const char *word[4];
	size_t length[4];
	unsigned count;
};

/* Take the next whole line; a last one without a newline was cut off, and its change not yet made. */
static bool next_line(const char **text, struct line *ret)
{
	const char *end = strchr(*text, '\n');

	*ret = (struct line){.count = 0};
	if (!end)
		return false;
	for (const char *at = *text; at < end && ret->count < 4;) {
		size_t length = strcspn(at, " \n");

		ret->word[ret->count] = at;
		ret->length[ret->count++] = length;
		at += length + 1;
	}
	*text = end + 1;
	return true;
}

static bool is(const struct line *line, unsigned word, const char *text)
{
	return word < line->count && strlen(text) == line->length[word] &&
	       memcmp(line->word[word], text, line->length[word]) == 0;
}

static bool copy(const struct line *line, unsigned word, char *ret, size_t size)
{
	if (word >= line->count || line->length[word] == 0 || line->length[word] >= size)
		return false;
	snprintf(ret, size, "%.*s", (int)line->length[word], line->word[word]);
	return true;
}

bool journal_is_of_boot(const char *text, const char *boot_id)
{
	struct line line;

	return next_line(&text, &line) && is(&line, 0, "enomem") && is(&line, 1, "1") && is(&line, 2, boot_id);
}

bool journal_before(const char *text, const char *file, char *ret, size_t size)
{
	struct line line;

	while (next_line(&text, &line)) {
		if (line.count == 4 && is(&line, 0, "sysctl") && is(&line, 1, file))
			return copy(&line, 2, ret, size);
	}
	return false;
}

bool journal_gave(const char *text, const char *file, const char *value)
{
	struct line line;

	while (next_line(&text, &line)) {
		if (is(&line, 0, "sysctl") && is(&line, 1, file) && is(&line, 3, value))
			return true;
	}
	return false;
}

bool journal_gave_beyond(const char *text, const char *file, const char *value)
{
	unsigned long long now = strtoull(value, NULL, 10);
	struct line line;

	while (next_line(&text, &line)) {
		unsigned long long before, given;

		if (line.count != 4 || !is(&line, 0, "sysctl") || !is(&line, 1, file))
			continue;
		before = strtoull(line.word[2], NULL, 10);
		given = strtoull(line.word[3], NULL, 10);
		if ((before <= now && now <= given) || (given <= now && now <= before))
			return true;
	}
	return false;
}

bool journal_path(const char *text, const char *kind, unsigned number, char *ret, size_t size)
{
	struct line line;

	while (next_line(&text, &line)) {
		if (line.count == 2 && is(&line, 0, kind) && number-- == 0)
			return copy(&line, 1, ret, size);
	}
	return false;
}
