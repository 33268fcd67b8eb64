/*
 * Results as JSON lines, written as each cell ends, so that an interrupt loses nothing that was
 * finished and a full disk leaves only whole lines behind.
 */
#ifndef ENOMEM_REPORT_JSON_LINES_H
#define ENOMEM_REPORT_JSON_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "run/result.h"

struct json_lines {
	int fd;           /* -1: not open */
	const char *name; /* for messages */
	uint64_t bytes;   /* in the file: what was there before, and whole lines */
	bool can_cut;     /* it is a regular file, so a broken line can be cut off again */
	unsigned lines;
	bool failed; /* nothing more is written */
};

/* Create or empty the file. */
int json_lines_open(const char *path, struct json_lines *ret, struct err *err);

/* Write to a stream that is open already, such as stdout. */
void json_lines_attach(int fd, const char *name, struct json_lines *ret);

/* Add one result. On failure a half-written line is cut off again, and later calls do nothing. */
int json_lines_add(struct json_lines *output, const struct result *result, struct err *err);

/* Close; an error that comes only now (quota, network) is reported. Takes one that is not open. */
int json_lines_close(struct json_lines *output, struct err *err);

#endif
