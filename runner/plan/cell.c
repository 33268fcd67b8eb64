/* A cell's parameters, texts that name them, and the operation that they make. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan/plan.h"

bool plan_measures_host(const struct plan *plan)
{
	for (unsigned i = 0; i < plan->cell_count; i++) {
		if (plan->cells[i].environment != ENVIRONMENT_VM)
			return true;
	}
	return false;
}

const char *cell_environment(const struct cell *cell, char *buffer, size_t size)
{
	return environment_label(cell->environment, cell->kernel, buffer, size);
}

const char *cell_value(const struct cell *cell, const char *name)
{
	const struct parameter *parameter = scenario_parameter(cell->scenario, name);

	return parameter ? cell->values[parameter - cell->scenario->parameters] : NULL;
}

/* Appends what stands for the `$word` at *text, and moves *text behind it. */
static int substitute_word(const struct cell *cell, const char **text, char *buffer, size_t size, struct err *err)
{
	size_t length = 1 + strspn(*text + 1, "abcdefghijklmnopqrstuvwxyz_");
	char word[64];
	const char *value;

	snprintf(word, sizeof(word), "%.*s", (int)(length < 63 ? length : 63), *text);
	value = strcmp(word, "$size") == 0 ? word : cell_value(cell, word + 1);
	if (!value)
		return err_set(err, EINVAL, "cannot read %s: it uses \"%s\" but declares no such parameter",
			       cell->scenario->name, word);
	*text += length;

	size_t used = strlen(buffer);

	if ((size_t)snprintf(buffer + used, size - used, "%s", value) >= size - used)
		return err_set(err, ENOSPC, "cannot read %s: \"%s\" is too long", cell->scenario->name, value);
	return 0;
}

int cell_substitute(const struct cell *cell, const char *text, char *buffer, size_t size, struct err *err)
{
	int status = 0;

	buffer[0] = '\0';
	while (*text && status == 0) {
		size_t used = strlen(buffer);

		if (*text == '$') {
			status = substitute_word(cell, &text, buffer, size, err);
		} else if (used + 2 > size) {
			status = err_set(err, ENOSPC, "cannot read %s: a request is too long", cell->scenario->name);
		} else {
			buffer[used] = *text++;
			buffer[used + 1] = '\0';
		}
	}
	return status;
}

/*
 * A request may stand behind a condition, "grow=shrink? mremap ..." when its $parameter is filled in: it is made when
 * both are the same. Returns the request, NULL when it is not made.
 */
static char *request_made(char *line)
{
	char *request = strstr(line, "? "), *equals = strchr(line, '=');

	if (!request || !equals || equals > request)
		return line;
	*equals = *request = '\0';
	return strcmp(line, equals + 1) == 0 ? request + 2 : NULL;
}

int cell_make_operation(struct cell *cell, struct err *err)
{
	struct operation *operation = &cell->operation;
	char line[256], *request;
	int status = 0;

	for (unsigned i = 0; i < cell->scenario->operation_count && status == 0; i++) {
		status = cell_substitute(cell, cell->scenario->operation[i], line, sizeof(line), err);
		request = status == 0 ? request_made(line) : NULL;
		if (!request)
			continue;
		if (operation->count == OPERATION_REQUESTS_MOST)
			return err_set(err, EINVAL, "cannot read %s: it makes more than %d requests at once",
				       cell->scenario->name, OPERATION_REQUESTS_MOST);
		status = request_parse(request, &operation->requests[operation->count++], err);
	}
	if (status == 0 && operation->count == 0)
		return err_set(err, EINVAL, "cannot read %s: with these parameters it makes no request",
			       cell->scenario->name);
	return status;
}
