/*
 * Pieces of the kernel's text files. A `struct text` is a range of bytes, any bytes: nothing here
 * needs a NUL at the end, and nothing reads beyond the range.
 */
#ifndef ENOMEM_SNAPSHOT_TEXT_H
#define ENOMEM_SNAPSHOT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *at;
	size_t left;
};

/* Take the next line, without its newline. False when nothing is left. */
bool text_line(struct text *rest, struct text *ret_line);

/* Take what stands before `separator`, and the separator. False, taking nothing, when there is none. */
bool text_until(struct text *rest, char separator, struct text *ret);

/* Take the next word: blanks (space, tab) before it are dropped. False when there is none. */
bool text_word(struct text *rest, struct text *ret_word);

/* Take `prefix` when the text starts with it. */
bool text_prefix(struct text *rest, const char *prefix);

bool text_equals(struct text text, const char *other);

/* Take the digits at the beginning. False when there are none, or too many for 64 bits. */
bool text_decimal(struct text *rest, uint64_t *ret);
bool text_hex(struct text *rest, uint64_t *ret); /* lower case, as the kernel prints it */

/* A row "TITLE   number ..." and where in a structure its uint64_t belongs. */
struct text_row {
	const char *title;
	size_t offset;
};

/* Fill the numbers of `rows` in `ret` from a text of such rows; UNKNOWN where there is none. */
void text_read_rows(struct text text, const struct text_row *rows, size_t count, void *ret);

/*
 * Lines out of pieces that end anywhere. Longer lines are handed out cut to the buffer: what is
 * looked for stands at the beginning, and file names behind it may have any length. Zero it first.
 */
struct text_lines {
	char line[2048];
	size_t used;
};

typedef void (*text_line_fn)(void *context, struct text line);

void text_lines_add(struct text_lines *lines, struct text piece, text_line_fn take, void *context);
void text_lines_end(struct text_lines *lines, text_line_fn take, void *context); /* the unfinished last line */

#endif
