#include "cell/raise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK "{\"raise\": "
#define ANSWER "{\"raised\": "
#define TRACE_BEGIN "{\"trace\": \"begin\", \"call\": \""
#define TRACE_END "{\"trace\": \"end\"}\n"
#define TRACE_ANSWER "{\"traced\": "

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

size_t trace_ask(char text[RAISE_BYTES], const char *call)
{
	if (!call)
		return (size_t)snprintf(text, RAISE_BYTES, TRACE_END);
	return (size_t)snprintf(text, RAISE_BYTES, TRACE_BEGIN "%.15s\"}\n", call);
}

size_t trace_answer(char text[RAISE_BYTES], int number)
{
	return (size_t)snprintf(text, RAISE_BYTES, TRACE_ANSWER "%d}\n", number);
}

bool trace_read_ask(const char *text, char ret_call[TRACE_CALL_BYTES])
{
	size_t length;

	ret_call[0] = '\0';
	if (strcmp(text, TRACE_END) == 0)
		return true;
	if (strncmp(text, TRACE_BEGIN, strlen(TRACE_BEGIN)) != 0)
		return false;
	text += strlen(TRACE_BEGIN);
	length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
	if (length == 0 || length >= TRACE_CALL_BYTES || strcmp(text + length, "\"}\n") != 0)
		return false;
	memcpy(ret_call, text, length);
	ret_call[length] = '\0';
	return true;
}

bool trace_read_answer(const char *text, int *ret_number)
{
	long number;

	if (!read_number(text, TRACE_ANSWER, &number))
		return false;
	*ret_number = (int)number;
	return true;
}
