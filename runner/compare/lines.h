/* The lines of a file of any length, with a growing buffer: a result's line may have megabytes. */
#ifndef ENOMEM_COMPARE_LINES_H
#define ENOMEM_COMPARE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/err.h"

#define LINE_BYTES_MOST ((size_t)64 << 20)

struct lines {
	int fd;
	const char *name; /* of the file, for messages */
	char *buffer;
	size_t room, used; /* of the buffer */
	size_t begin;      /* of the line that comes next */
	size_t scanned;    /* up to here there is no newline after `begin` */
	uint64_t number;   /* of the last line that was given */
	bool ended;        /* nothing more can be read */
};

struct line {
	const char *text; /* without its newline, not ended by NUL; valid until the next call */
	size_t length;
	bool whole; /* it ended with a newline */
};

/* Open a file. Release with lines_close(), which takes a zeroed one with fd -1, too. */
int lines_open(const char *path, struct lines *ret, struct err *err);
void lines_close(struct lines *lines);

/* 1 and the next line, 0 at the end, or a negative errno: -EFBIG for a line longer than LINE_BYTES_MOST. */
int lines_next(struct lines *lines, struct line *ret, struct err *err);

#endif
