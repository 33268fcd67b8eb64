#include "compare/header.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare/member.h"
#include "report/baseline.h"
#include "report/result_json.h"

bool header_is(const json_t *line)
{
	return json_object_get(line, "baseline") != NULL;
}

int header_advise(const struct header *header, struct err *err)
{
	return err_advise(err, "make it again: %s --baseline FILE", header->command);
}

static int check_version(const json_t *line, const char *name, int known, const struct header *header, struct err *err)
{
	const json_t *version = json_object_get(line, name);
	json_int_t number = json_integer_value(version);

	if (!json_is_integer(version) || number < 0)
		return member_bad(err, name);
	if (number == known)
		return 0;
	err_set(err, EINVAL, "it is a baseline with \"%s\" %" JSON_INTEGER_FORMAT ", and this enomem reads %d", name,
		number, known);
	return header_advise(header, err);
}

/* First of all, since it is the way out when the rest cannot be read. */
static int read_command(const json_t *line, struct header *ret, struct err *err)
{
	const char *command = member_text(line, "command");

	if (!command)
		return member_bad(err, "command");
	ret->command = strdup(command);
	return ret->command ? 0 : err_no_memory(err);
}

static int read_cells(const json_t *line, struct header *ret, struct err *err)
{
	json_t *common = json_object_get(line, "common");

	if (member_number(json_object_get(line, "cells"), &ret->cells) < 0)
		return member_bad(err, "cells");
	if (!json_is_object(common))
		return member_bad(err, "common");
	/* Lines have no version of their own. */
	ret->common = json_copy(common);
	if (!ret->common || json_object_set(ret->common, "schema", json_object_get(line, "schema")) < 0)
		return err_no_memory(err);
	return 0;
}

int header_from_json(const json_t *line, struct header *ret, struct err *err)
{
	int status;

	*ret = (struct header){0};
	status = read_command(line, ret, err);
	if (status == 0)
		status = check_version(line, "schema", RESULT_SCHEMA, ret, err);
	if (status == 0)
		status = check_version(line, "baseline", BASELINE_SCHEMA, ret, err);
	if (status == 0)
		status = read_cells(line, ret, err);
	return status;
}

void header_free(struct header *header)
{
	json_decref(header->common);
	free(header->command);
	*header = (struct header){0};
}
