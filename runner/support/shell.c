#include "support/shell.h"

#include <string.h>

#include "support/append.h"

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-"

void shell_append(char *buffer, size_t size, const char *word)
{
	if (*word && word[strspn(word, PLAIN)] == '\0') {
		text_append(buffer, size, " %s", word);
		return;
	}
	text_append(buffer, size, " '");
	for (const unsigned char *at = (const unsigned char *)word; *at; at++) {
		if (*at == '\'')
			text_append(buffer, size, "'\\''");
		else
			text_append(buffer, size, "%c", *at < 0x20 || *at >= 0x7f ? '?' : *at);
	}
	text_append(buffer, size, "'");
}
