#include "cell/raise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK "{\"raise\": "
#define ANSWER "{\"raised\": "

size_t raise_ask(char text[RAISE_BYTES], unsigned index)
{
	return (size_t)snprintf(text, RAISE_BYTES, ASK "%u}\n", index);
}

size_t raise_answer(char text[RAISE_BYTES], int number)
{
	return (size_t)snprintf(text, RAISE_BYTES, ANSWER "%d}\n", number);
}

static bool read_number(const char *text, const char *before, long *ret)
{
	size_t length = strlen(before);
	char *end;

	if (strncmp(text, before, length) != 0 || text[length] < '0' || text[length] > '9')
		return false;
	*ret = strtol(text + length, &end, 10);
	return *ret < 4096 && strcmp(end, "}\n") == 0;
}

bool raise_read_ask(const char *text, unsigned *ret_index)
{
	long number;

	if (!read_number(text, ASK, &number))
		return false;
	*ret_index = (unsigned)number;
	return true;
}

bool raise_read_answer(const char *text, int *ret_number)
{
	long number;

	if (!read_number(text, ANSWER, &number))
		return false;
	*ret_number = (int)number;
	return true;
}
