#include "compare/member.h"

#include <errno.h>
#include <string.h>

int member_bad(struct err *err, const char *name)
{
	err_set(err, EINVAL, "bad \"%s\"", name);
	return member_advise(err);
}

int member_advise(struct err *err)
{
	return err_advise(err, "results/README.md says what a result holds; `enomem run -o FILE` writes them");
}

bool member_is_plain(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		/* C2 80 to C2 9F are control characters, too (UTF-8 of U+0080 to U+009F). */
		if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0))
			return false;
	}
	return true;
}

const char *member_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text && member_is_plain(text) ? text : NULL;
}

int member_copy(const json_t *object, const char *name, char *buffer, size_t size)
{
	const json_t *json = json_object_get(object, name);
	const char *text = member_text(object, name);

	buffer[0] = '\0';
	if (!json || json_is_null(json))
		return 0;
	if (!text || strlen(text) >= size)
		return -EINVAL;
	memcpy(buffer, text, strlen(text) + 1);
	return 0;
}

int member_number(const json_t *json, uint64_t *ret)
{
	if (!json_is_integer(json) || json_integer_value(json) < 0)
		return -EINVAL;
	*ret = (uint64_t)json_integer_value(json);
	return 0;
}
