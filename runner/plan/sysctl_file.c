#include "plan/sysctl_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/text_file.h"

static void name_after(const char *path, struct configuration *ret)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
	const char *slash = strrchr(path, '/');
	size_t length;

	snprintf(ret->name, sizeof(ret->name), "%.60s", slash ? slash + 1 : path);
	length = strlen(ret->name);
	if (length > 5 && strcmp(ret->name + length - 5, ".conf") == 0)
		ret->name[length - 5] = '\0';
	for (char *at = ret->name; *at; at++) {
		if (!strchr(allowed, *at))
			*at = '-';
	}
	if (!ret->name[0])
		snprintf(ret->name, sizeof(ret->name), "sysctl");
}

static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (isspace((unsigned char)*text))
		text++;
	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text;
}

static int at_line(const char *name, unsigned line, const char *key, struct err *err)
{
	char reason[sizeof(err->text)];

	snprintf(reason, sizeof(reason), "%s", err->text);
	snprintf(err->text, sizeof(err->text), "cannot read %.150s: line %u: %.60s%s%.200s", name, line, key,
		 *key ? ": " : "", reason);
	return -err->code;
}

/* Writing one of the two makes the other 0, so the later one is in force. */
static void drop_twin(struct configuration *configuration, enum knob_id id)
{
	enum knob_id twin = id == KNOB_OVERCOMMIT_RATIO ? KNOB_OVERCOMMIT_KBYTES : KNOB_OVERCOMMIT_RATIO;

	if (id == KNOB_OVERCOMMIT_RATIO || id == KNOB_OVERCOMMIT_KBYTES)
		configuration_drop(configuration, twin);
}

/* sysctl(8) takes a/b.c and a.b/c; the names here have no dot of their own. */
static const struct knob *find_key(char *key)
{
	for (char *at = key; *at; at++) {
		if (*at == '/')
			*at = '.';
	}
	return knob_find(key);
}

static int take_line(char *text, const char *name, unsigned line, struct configuration *ret, unsigned *others,
		     struct err *err)
{
	char *key = trim(text), *equals = strchr(key, '='), *value;
	const struct knob *knob;
	struct setting setting;

	if (*key == '\0' || *key == '#' || *key == ';' || (*key == '-' && !equals))
		return 0;
	if (!equals) {
		err_set(err, EINVAL, "there is no = in it");
		err_advise(err, "lines are KEY = VALUE, as in sysctl.d(5)");
		return at_line(name, line, "", err);
	}
	*equals = '\0';
	key = trim(key + (*key == '-'));
	value = trim(equals + 1);
	knob = find_key(key);
	if (!knob || !knob->file) {
		++*others;
		return 0;
	}
	if (setting_parse(knob, value, &setting, err) < 0)
		return at_line(name, line, key, err);
	configuration_set(ret, &setting);
	drop_twin(ret, knob->id);
	return 0;
}

static int take_lines(char *text, const char *name, struct configuration *ret, unsigned *others, struct err *err)
{
	unsigned line = 1;
	int status = 0;

	for (char *at = text; at && status == 0; line++) {
		char *newline = strchr(at, '\n');

		if (newline)
			*newline = '\0';
		status = take_line(at, name, line, ret, others, err);
		at = newline ? newline + 1 : NULL;
	}
	return status;
}

int sysctl_file_parse(const char *text, size_t length, const char *name, struct configuration *ret,
		      unsigned *ret_others, struct err *err)
{
	struct configuration configuration = {0};
	char *copy;
	int status;

	*ret_others = 0;
	if (memchr(text, '\0', length)) {
		err_set(err, EINVAL, "cannot read %.150s: it is no text", name);
		return err_advise(err, "lines are KEY = VALUE, as in sysctl.d(5)");
	}
	copy = strndup(text, length);
	if (!copy)
		return err_no_memory(err);
	name_after(name, &configuration);
	status = take_lines(copy, name, &configuration, ret_others, err);
	free(copy);
	if (status == 0 && configuration.count == 0) {
		err_set(err, EINVAL, "cannot use %.150s: it sets none of enomem's knobs", name);
		status = err_advise(err, "`enomem list --knobs` shows them");
	}
	if (status == 0)
		*ret = configuration;
	return status;
}

int sysctl_file_load(const char *path, struct configuration *ret, unsigned *ret_others, struct err *err)
{
	char *text = NULL;
	size_t length = 0;
	int status = text_file_read(path, &text, &length, err);

	if (status == 0)
		status = sysctl_file_parse(text, length, path, ret, ret_others, err);
	free(text);
	return status;
}
