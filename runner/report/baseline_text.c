/* A baseline's text out of its cells. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/baseline.h"
#include "report/common.h"
#include "report/result_json.h"

/* What a file of one kernel has in common; a cell's own doings stay in its line, so that a line can be read alone. */
static const char *const common_names[] = {
	"environment", "kernel", "evidence", "synchronised", "at_most", "isolation", "host", "snapshots", NULL};

static bool write_line(FILE *stream, const json_t *json)
{
	return json && json_dumpf(json, stream, JSON_COMPACT) == 0 && fputc('\n', stream) != EOF;
}

static bool write_header(FILE *stream, const char *command, const json_t *cells, const json_t *common)
{
	json_t *header = json_pack("{s:i, s:i, s:s, s:I, s:O}", "schema", RESULT_SCHEMA, "baseline", BASELINE_SCHEMA,
				   "command", command, "cells", (json_int_t)json_array_size(cells), "common", common);
	bool written = write_line(stream, header);

	json_decref(header);
	return written;
}

char *baseline_text(const char *command, const json_t *cells)
{
	json_t *common = common_of(cells, common_names);
	size_t size = 0;
	char *text = NULL;
	FILE *stream = open_memstream(&text, &size);
	bool written = stream && common && write_header(stream, command, cells, common);

	for (size_t i = 0; i < json_array_size(cells) && written; i++) {
		common_leave_out(json_array_get(cells, i), common);
		written = write_line(stream, json_array_get(cells, i));
	}
	json_decref(common);
	if (stream && fclose(stream) != 0)
		written = false;
	if (!written) {
		free(text);
		text = NULL;
	}
	return text;
}
