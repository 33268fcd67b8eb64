#include "compare/results.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/common.h"

#define RECORDS_FIRST 64

void results_free(struct results *results)
{
	for (size_t i = 0; i < results->count; i++)
		record_free(&results->records[i]);
	free(results->records);
	header_free(&results->header);
	*results = (struct results){0};
}

static int make_room(struct results *results, struct err *err)
{
	size_t room = results->room ? 2 * results->room : RECORDS_FIRST;
	struct record *larger;

	if (results->count < results->room)
		return 0;
	larger = reallocarray(results->records, room, sizeof(*larger));
	if (!larger)
		return err_no_memory(err);
	results->records = larger;
	results->room = room;
	return 0;
}

/* The sentence in `err` is of the line; put file and number before it. */
static int name_line(const struct results *results, uint64_t number, struct err *err)
{
	struct err inner = *err;

	if (inner.code == ENOMEM)
		return -ENOMEM;
	err_set(err, inner.code, "cannot read %.200s: line %" PRIu64 ": %s", results->name, number, inner.text);
	return err_advise(err, "%s", inner.advice);
}

static bool is_blank(const struct line *line)
{
	for (size_t i = 0; i < line->length; i++) {
		if (!strchr(" \t\r", line->text[i]) || line->text[i] == '\0')
			return false;
	}
	return true;
}

/* What a killed writer or a full disk leaves behind. */
static bool is_cut_off(const struct line *line)
{
	return !line->whole && line->text[0] == '{';
}

static int not_json(const json_error_t *why, struct err *err)
{
	const char *what;

	switch (json_error_code(why)) {
	case json_error_invalid_utf8: what = "it is not UTF-8, so no JSON"; break;
	case json_error_duplicate_key: what = "it has a member twice"; break;
	case json_error_numeric_overflow: what = "it has a number that is too large"; break;
	default: what = "it is not JSON"; break;
	}
	err_set(err, EINVAL, "%s (column %d)", what, why->column);
	return err_advise(err, "give a file of JSON lines that `enomem run -o FILE` wrote");
}

int results_add_result(struct results *results, uint64_t number, const json_t *json, struct err *err)
{
	struct record *record;
	int status = make_room(results, err);

	if (status < 0)
		return status;
	record = &results->records[results->count];
	status = record_from_json(json, record, err);
	record->line = number;
	if (status < 0) {
		record_free(record);
		return name_line(results, number, err);
	}
	results->count++;
	host_facts_add(json, results->host);
	return 0;
}

/* A baseline says how many cells it has: one that is cut off, or that lost a line, is no baseline any more. */
static int check_count(const struct results *results, struct err *err)
{
	if (!results->header.common || results->header_cells == results->header.cells)
		return 0;
	err_set(err, EINVAL, "cannot read %.200s: by its header it has %" PRIu64 " cells, and %" PRIu64 " are there",
		results->name, results->header.cells, results->header_cells);
	return header_advise(&results->header, err);
}

/* Baselines can follow each other in one file, when each is whole. */
static int begin_baseline(struct results *results, uint64_t number, const json_t *json, struct err *err)
{
	int status = check_count(results, err);

	if (status < 0)
		return status;
	header_free(&results->header);
	results->header_cells = 0;
	results->reduced = true;
	status = header_from_json(json, &results->header, err);
	return status < 0 ? name_line(results, number, err) : 0;
}

static int add_json(struct results *results, uint64_t number, const json_t *json, struct err *err)
{
	json_t *whole;
	int status;

	if (header_is(json))
		return begin_baseline(results, number, json, err);
	if (!results->header.common)
		return results_add_result(results, number, json, err);
	results->header_cells++;
	whole = json_is_object(json) ? common_put_back(json, results->header.common)
				     : json_incref((json_t *)(uintptr_t)json);
	if (!whole)
		return err_no_memory(err);
	status = results_add_result(results, number, whole, err);
	json_decref(whole);
	return status;
}

int results_add_line(struct results *results, uint64_t number, const struct line *line, struct err *err)
{
	json_error_t why;
	json_t *json;
	int status;

	if (is_blank(line))
		return 0;
	/* jansson 2.14 calls a lack of memory a mistake of syntax, but it ends at once, and errno stays. */
	errno = 0;
	json = json_loadb(line->text, line->length, JSON_REJECT_DUPLICATES, &why);
	if (!json && errno == ENOMEM)
		return err_no_memory(err);
	if (!json && is_cut_off(line)) {
		results->cut_line = number;
		return 0;
	}
	if (!json) {
		not_json(&why, err);
		return name_line(results, number, err);
	}
	status = add_json(results, number, json, err);
	json_decref(json);
	return status;
}

int results_end(const struct results *results, struct err *err)
{
	int status = check_count(results, err);

	if (status < 0)
		return status;
	if (results->count)
		return 0;
	if (results->cut_line)
		err_set(err, EINVAL, "cannot read %s: line %" PRIu64 " is cut off, and there is no whole one",
			results->name, results->cut_line);
	else
		err_set(err, EINVAL, "cannot read %s: it is empty, there is no result in it", results->name);
	return err_advise(err, "write one with `enomem run -o FILE`");
}

int results_read(const char *path, struct results *ret, struct err *err)
{
	struct lines lines;
	struct line line;
	int status;

	*ret = (struct results){.name = path};
	status = lines_open(path, &lines, err);
	if (status < 0)
		return status;
	do {
		status = lines_next(&lines, &line, err);
		if (status > 0 && results_add_line(ret, lines.number, &line, err) < 0)
			status = -err->code;
	} while (status > 0);
	lines_close(&lines);
	return status < 0 ? status : results_end(ret, err);
}
