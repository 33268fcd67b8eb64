/* Values of knobs: from text and back. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

#include "plan/knob.h"
#include "support/number.h"

static int refuse(const struct knob *knob, const char *text, const char *takes, struct err *err)
{
	err_set(err, EINVAL, "%s takes %s, not \"%.60s\"", knob->name, takes, text);
	return err_advise(err, "`enomem list --knobs` shows every knob and what it takes");
}

static int refuse_range(const struct knob *knob, const char *text, struct err *err)
{
	char takes[80];

	snprintf(takes, sizeof(takes), "%" PRIu64 " to %" PRIu64, knob->least, knob->most);
	return refuse(knob, text, takes, err);
}

static bool means_unlimited(const char *text)
{
	return strcmp(text, "unlimited") == 0 || strcmp(text, "infinity") == 0 || strcmp(text, "max") == 0;
}

static int parse_number(const struct knob *knob, const char *text, struct setting *ret, struct err *err)
{
	bool relative = false;
	/* People write 256K for a number, too; + would be relative to nothing. */
	int status = number_parse_bytes(text, &ret->value, &relative);

	if (status == -EINVAL || relative)
		return refuse(knob, text, "a whole number", err);
	if (status < 0 || ret->value < knob->least || ret->value > knob->most)
		return refuse_range(knob, text, err);
	return 0;
}

static int parse_bytes(const struct knob *knob, const char *text, struct setting *ret, struct err *err)
{
	if (!means_unlimited(text) || knob->id == KNOB_SWAP || knob->scope == SCOPE_GUEST)
		return parse_number(knob, text, ret, err);
	ret->value = UNLIMITED;
	return 0;
}

static int parse_one_limit(const struct knob *knob, const char *text, uint64_t *ret, bool *ret_relative,
			   struct err *err)
{
	static const char takes[] = "a size like 512M, +64M over the size at start, or unlimited";
	bool can_be_relative = knob->id == KNOB_LIMIT_AS || knob->id == KNOB_LIMIT_DATA;
	int status;

	*ret = UNLIMITED;
	*ret_relative = false;
	if (means_unlimited(text))
		return 0;
	status = number_parse_bytes(text, ret, ret_relative);
	if (status == -ERANGE || (status == 0 && *ret > knob->most))
		return refuse_range(knob, text, err);
	if (status == 0 && *ret_relative && !can_be_relative)
		return refuse(knob, text, "no size relative to the start", err);
	if (status < 0)
		return refuse(knob, text, can_be_relative ? takes : "a number like 8M, or unlimited", err);
	return 0;
}

static int parse_limit(const struct knob *knob, const char *text, struct setting *ret, struct err *err)
{
	char soft[64];
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	int status;

	if (length >= sizeof(soft))
		return refuse(knob, text, "SOFT or SOFT:HARD", err);
	snprintf(soft, sizeof(soft), "%.*s", (int)length, text);
	status = parse_one_limit(knob, soft, &ret->value, &ret->relative, err);
	ret->has_hard = colon != NULL;
	if (status == 0 && colon)
		status = parse_one_limit(knob, colon + 1, &ret->hard, &ret->hard_relative, err);
	if (status < 0 || !colon)
		return status;
	if (ret->hard != UNLIMITED && ret->relative != ret->hard_relative)
		return refuse(knob, text, "both limits over the size at start, or none", err);
	if (ret->value <= ret->hard)
		return 0;
	return refuse(knob, text, "a soft limit no higher than the hard one", err);
}

/* cap_from_name() knows the names of this libcap and "cap_NUMBER" of later ones. */
static int parse_capabilities(const struct knob *knob, const char *text, struct setting *ret, struct err *err)
{
	char copy[256], *position = NULL;
	cap_value_t capability;

	ret->value = 0;
	if (strcmp(text, "none") == 0)
		return 0;
	if (strlen(text) >= sizeof(copy) || !*text)
		return refuse(knob, text, "names joined by +, or none", err);
	strcpy(copy, text);
	for (char *name = strtok_r(copy, "+, ", &position); name; name = strtok_r(NULL, "+, ", &position)) {
		if (cap_from_name(name, &capability) == -1)
			return refuse(knob, name, "names of capabilities like cap_sys_admin", err);
		ret->value |= UINT64_C(1) << capability;
	}
	return 0;
}

/* Goes onto a command line, so nothing that could end it. */
static int parse_text(const struct knob *knob, const char *text, struct setting *ret, struct err *err)
{
	if (strlen(text) >= sizeof(ret->text))
		return refuse(knob, text, "a text of at most 255 characters", err);
	for (const char *at = text; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return refuse(knob, text, "a text without control characters", err);
	}
	strcpy(ret->text, text);
	return 0;
}

int setting_parse(const struct knob *knob, const char *text, struct setting *ret, struct err *err)
{
	struct setting setting = {.knob = knob};
	int status = -EINVAL;

	switch (knob->kind) {
	case KNOB_NUMBER: status = parse_number(knob, text, &setting, err); break;
	case KNOB_BYTES: status = parse_bytes(knob, text, &setting, err); break;
	case KNOB_LIMIT: status = parse_limit(knob, text, &setting, err); break;
	case KNOB_CAPABILITIES: status = parse_capabilities(knob, text, &setting, err); break;
	case KNOB_TEXT: status = parse_text(knob, text, &setting, err); break;
	}
	if (status == 0)
		*ret = setting;
	return status;
}

/* The shortest exact form: 4G rather than 4294967296. */
static void format_size(uint64_t value, bool relative, bool suffix, char *buffer, size_t size)
{
	static const char suffixes[] = " KMGT";
	unsigned unit = 0;

	if (value == UNLIMITED) {
		snprintf(buffer, size, "unlimited");
		return;
	}
	for (; suffix && value && value % 1024 == 0 && unit < 4; unit++)
		value /= 1024;
	snprintf(buffer, size, "%s%" PRIu64 "%.*s", relative ? "+" : "", value, unit > 0, &suffixes[unit]);
}

static void format_capabilities(uint64_t mask, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s", mask ? "" : "none");
	for (cap_value_t capability = 0; capability < 64; capability++) {
		size_t used = strlen(buffer);
		char *name = mask >> capability & 1 ? cap_to_name(capability) : NULL;

		if (name)
			snprintf(buffer + used, size - used, "%s%s", used ? "+" : "", name);
		cap_free(name);
	}
}

const char *setting_format(const struct setting *setting, char *buffer, size_t size)
{
	bool sizes = setting->knob->kind == KNOB_BYTES || setting->knob->kind == KNOB_LIMIT;

	if (setting->knob->id == KNOB_LIMIT_NPROC || setting->knob->id == KNOB_PIDS_MAX)
		sizes = false;
	if (setting->knob->kind == KNOB_TEXT) {
		snprintf(buffer, size, "%s", setting->text);
		return buffer;
	}
	if (setting->knob->kind == KNOB_CAPABILITIES) {
		format_capabilities(setting->value, buffer, size);
		return buffer;
	}
	format_size(setting->value, setting->relative, sizes, buffer, size);
	if (setting->has_hard) {
		size_t used = strlen(buffer);

		snprintf(buffer + used, size - used, ":");
		format_size(setting->hard, setting->hard_relative, sizes, buffer + used + 1, size - used - 1);
	}
	return buffer;
}
