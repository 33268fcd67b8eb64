#include "snapshot/text.h"

#include <string.h>

#include "snapshot/snapshot.h"

static void drop(struct text *text, size_t count)
{
	text->at += count;
	text->left -= count;
}

static bool is_blank(char character)
{
	return character == ' ' || character == '\t';
}

bool text_until(struct text *rest, char separator, struct text *ret)
{
	const char *found = rest->left > 0 ? memchr(rest->at, separator, rest->left) : NULL;

	if (!found)
		return false;
	*ret = (struct text){rest->at, (size_t)(found - rest->at)};
	drop(rest, ret->left + 1);
	return true;
}

bool text_line(struct text *rest, struct text *ret_line)
{
	if (rest->left == 0)
		return false;
	if (!text_until(rest, '\n', ret_line)) {
		*ret_line = *rest;
		drop(rest, rest->left);
	}
	return true;
}

bool text_word(struct text *rest, struct text *ret_word)
{
	size_t length = 0;

	while (rest->left > 0 && is_blank(rest->at[0]))
		drop(rest, 1);
	while (length < rest->left && !is_blank(rest->at[length]))
		length++;
	*ret_word = (struct text){rest->at, length};
	if (length > 0)
		drop(rest, length);
	return length > 0;
}

bool text_prefix(struct text *rest, const char *prefix)
{
	size_t length = strlen(prefix);

	if (rest->left < length || memcmp(rest->at, prefix, length) != 0)
		return false;
	drop(rest, length);
	return true;
}

bool text_equals(struct text text, const char *other)
{
	return text_prefix(&text, other) && text.left == 0;
}

static unsigned digit_value(char character)
{
	if (character >= '0' && character <= '9')
		return (unsigned)(character - '0');
	if (character >= 'a' && character <= 'f')
		return (unsigned)(character - 'a') + 10;
	return UINT32_MAX;
}

static bool take_number(struct text *rest, unsigned base, uint64_t *ret)
{
	struct text ahead = *rest;
	uint64_t value = 0;

	for (; ahead.left > 0 && digit_value(ahead.at[0]) < base; drop(&ahead, 1)) {
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit_value(ahead.at[0]), &value))
			return false;
	}
	if (ahead.left == rest->left)
		return false;
	*rest = ahead;
	*ret = value;
	return true;
}

bool text_decimal(struct text *rest, uint64_t *ret)
{
	return take_number(rest, 10, ret);
}

bool text_hex(struct text *rest, uint64_t *ret)
{
	return take_number(rest, 16, ret);
}

static void store(void *base, size_t offset, uint64_t value)
{
	memcpy((char *)base + offset, &value, sizeof(value));
}

static void read_row(struct text line, const struct text_row *row, void *ret)
{
	struct text word;
	uint64_t value;

	if (!text_prefix(&line, row->title) || !text_word(&line, &word))
		return;
	if (text_decimal(&word, &value) && word.left == 0 && value < UNKNOWN)
		store(ret, row->offset, value);
}

void text_read_rows(struct text text, const struct text_row *rows, size_t count, void *ret)
{
	struct text line;

	for (size_t row = 0; row < count; row++)
		store(ret, rows[row].offset, UNKNOWN);
	while (text_line(&text, &line)) {
		for (size_t row = 0; row < count; row++)
			read_row(line, &rows[row], ret);
	}
}

static void keep(struct text_lines *lines, struct text part)
{
	size_t room = sizeof(lines->line) - lines->used;
	size_t length = part.left < room ? part.left : room;

	if (length > 0)
		memcpy(lines->line + lines->used, part.at, length);
	lines->used += length;
}

void text_lines_end(struct text_lines *lines, text_line_fn take, void *context)
{
	if (lines->used > 0)
		take(context, (struct text){lines->line, lines->used});
	lines->used = 0;
}

void text_lines_add(struct text_lines *lines, struct text piece, text_line_fn take, void *context)
{
	struct text part;

	while (text_until(&piece, '\n', &part)) {
		keep(lines, part);
		text_lines_end(lines, take, context);
	}
	keep(lines, piece);
}
