#include "snapshot/snapshot.h"

#include <string.h>

/* The gate VMA has no path, so a slash says that the line is another's, whatever the file is called. */
static bool is_gate(const struct maps_counter *counter)
{
	static const char gate[] = " [vsyscall]";
	size_t length = sizeof(gate) - 1;

	return counter->tail_length >= length && counter->tail_length <= sizeof(counter->tail) &&
	       memcmp(counter->tail + counter->tail_length - length, gate, length) == 0;
}

static void add_character(struct maps_counter *counter, char character)
{
	if (counter->tail_length > sizeof(counter->tail))
		return;
	if (character == '/') {
		counter->tail_length = sizeof(counter->tail) + 1;
		return;
	}
	if (counter->tail_length == sizeof(counter->tail)) {
		memmove(counter->tail, counter->tail + 1, sizeof(counter->tail) - 1);
		counter->tail_length--;
	}
	counter->tail[counter->tail_length++] = character;
}

uint64_t maps_counter_value(const struct maps_counter *counter)
{
	return counter->lines + (counter->in_line && !is_gate(counter) ? 1 : 0);
}

void maps_counter_add(struct maps_counter *counter, const char *text, size_t length)
{
	for (size_t at = 0; at < length; at++) {
		if (text[at] != '\n') {
			counter->in_line = true;
			add_character(counter, text[at]);
			continue;
		}
		counter->lines = maps_counter_value(counter);
		counter->in_line = false;
		counter->tail_length = 0;
	}
}
