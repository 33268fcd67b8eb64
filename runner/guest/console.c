/* What a guest's console and QEMU itself tell of its end. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/guest.h"

#define TAIL_BYTES 16384

/* The end of a file, as printable lines. Returns its length. */
static size_t read_tail(int fd, char *buffer, size_t size)
{
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	off_t from = end > (off_t)size - 1 ? end - (off_t)size + 1 : 0;
	ssize_t got = end > 0 ? pread(fd, buffer, size - 1, from) : 0;
	size_t length = 0;

	for (ssize_t i = 0; i < got; i++) {
		char c = buffer[i];

		if (c == '\n' || (c >= ' ' && c != 0x7f))
			buffer[length++] = c;
	}
	while (length && (buffer[length - 1] == '\n' || buffer[length - 1] == ' '))
		length--;
	buffer[length] = '\0';
	return length;
}

/* Without the time stamp that kernels put before a line. */
static const char *after_stamp(const char *line)
{
	const char *end = line[0] == '[' ? strchr(line, ']') : NULL;

	return end && end[1] == ' ' ? end + 2 : line;
}

static void copy_line(const char *line, char *buffer, size_t size)
{
	line = after_stamp(line);
	snprintf(buffer, size, "%.*s", (int)strcspn(line, "\n"), line);
}

const char *guest_last_words(const struct guest *guest, char *buffer, size_t size)
{
	static const char *const signs[] = {"enomem-agent: ", "Kernel panic",
					    "BUG: ", "Oops: ", "general protection fault"};
	char text[TAIL_BYTES];
	const char *found = NULL, *last;

	buffer[0] = '\0';
	if (read_tail(guest->console_fd, text, sizeof(text)) == 0 &&
	    read_tail(guest->errors_fd, text, sizeof(text)) == 0)
		return buffer;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs) && !found; i++)
		found = strstr(text, signs[i]);
	last = strrchr(text, '\n');
	copy_line(found ? found : last ? last + 1 : text, buffer, size);
	return buffer;
}

const char *guest_console_tail(const struct guest *guest, char *buffer, size_t size)
{
	size_t length = read_tail(guest->console_fd, buffer, size);
	unsigned lines = 0;

	if (length == 0)
		length = read_tail(guest->errors_fd, buffer, size);
	for (size_t i = length; i > 0; i--) {
		if (buffer[i - 1] == '\n' && ++lines == 12) {
			memmove(buffer, buffer + i, length - i + 1);
			break;
		}
	}
	return buffer;
}
