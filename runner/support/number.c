#include "support/number.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strtoull() would also take spaces, signs and, with base 0, other bases. */
static int parse_digits(const char *text, uint64_t *ret, const char **ret_end)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*ret = strtoull(text, &end, 10);
	*ret_end = end;
	return errno ? -ERANGE : 0;
}

int number_parse(const char *text, uint64_t *ret)
{
	const char *end = text;
	int status = parse_digits(text, ret, &end);

	return status < 0 ? status : *end ? -EINVAL : 0;
}

int number_parse_bytes(const char *text, uint64_t *ret_bytes, bool *ret_relative)
{
	static const char suffixes[] = "KMGT";
	const char *end = text;
	const char *suffix;
	int status;

	*ret_relative = *text == '+';
	status = parse_digits(text + *ret_relative, ret_bytes, &end);
	if (status < 0 || *end == '\0')
		return status;
	suffix = strchr(suffixes, *end);
	if (!suffix || end[1])
		return -EINVAL;

	unsigned shift = 10 * (unsigned)(suffix - suffixes + 1);

	if (*ret_bytes > UINT64_MAX >> shift)
		return -ERANGE;
	*ret_bytes <<= shift;
	return 0;
}

const char *number_format_bytes(uint64_t bytes, char *buffer, size_t size)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double value = (double)bytes;
	unsigned unit = 0;

	for (; value >= (unit ? 1023.95 : 1024) && unit < 6; unit++)
		value /= 1024;
	if (unit == 0)
		snprintf(buffer, size, "%" PRIu64 " bytes", bytes);
	else
		snprintf(buffer, size, "%.1f %s", value, units[unit]);
	return buffer;
}
