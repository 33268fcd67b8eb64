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

/* A line that is there as a whole, as nearly all are: only its end is looked at. */
static bool is_gate_line(const char *line, size_t length)
{
	static const char gate[] = " [vsyscall]";
	size_t end = sizeof(gate) - 1;

	return length >= end && memcmp(line + length - end, gate, end) == 0 && !memchr(line, '/', length);
}

static void end_line(struct maps_counter *counter)
{
	counter->lines = maps_counter_value(counter);
	counter->in_line = false;
	counter->tail_length = 0;
}

void maps_counter_add(struct maps_counter *counter, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		if (newline && !counter->in_line) {
			counter->lines += newline > text && !is_gate_line(text, (size_t)(newline - text));
			text = newline + 1;
			continue;
		}
		for (const char *stop = newline ? newline : end; text < stop; text++) {
			counter->in_line = true;
			add_character(counter, *text);
		}
		if (newline) {
			end_line(counter);
			text++;
		}
	}
}
