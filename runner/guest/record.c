#include "guest/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* {"crc32":"01234567", */
#define PREFIX "{\"crc32\":\""
#define PREFIX_LENGTH (sizeof(PREFIX) - 1)
#define DIGITS 8
#define HEAD_LENGTH (PREFIX_LENGTH + DIGITS + 2)

static unsigned checksum(const char *text, size_t length)
{
	return (unsigned)crc32(0, (const unsigned char *)text, (unsigned)length);
}

char *guest_record_seal(json_t *record, size_t *ret_length)
{
	char *text = record && json_object_size(record) ? json_dumps(record, JSON_COMPACT) : NULL;
	size_t length = text ? strlen(text) - 1 : 0; /* without its brace */
	char *line = text ? malloc(HEAD_LENGTH + length + 2) : NULL;

	json_decref(record);
	if (line) {
		snprintf(line, HEAD_LENGTH + 1, PREFIX "%08x\",", checksum(text + 1, length));
		snprintf(line + HEAD_LENGTH, length + 2, "%.*s\n", (int)length, text + 1);
		*ret_length = HEAD_LENGTH + length + 1;
	}
	free(text);
	return line;
}

json_t *guest_record_open(const char *line, size_t length)
{
	char digits[DIGITS + 1];

	if (length <= HEAD_LENGTH || length > GUEST_RECORD_BYTES_MOST || memcmp(line, PREFIX, PREFIX_LENGTH) != 0)
		return NULL;
	snprintf(digits, sizeof(digits), "%08x", checksum(line + HEAD_LENGTH, length - HEAD_LENGTH));
	if (memcmp(digits, line + PREFIX_LENGTH, DIGITS) != 0)
		return NULL;
	return json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
}
