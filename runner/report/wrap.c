#include "report/wrap.h"

#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>

#define WIDTH_LEAST 60
#define WIDTH_MOST 112

static size_t width_of(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == -1 || size.ws_col == 0 || size.ws_col > WIDTH_MOST)
		return WIDTH_MOST;
	return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col;
}

void wrap_print(FILE *stream, const char *first, const char *next, const char *text)
{
	size_t column = (size_t)fprintf(stream, "%s", first);
	size_t width = width_of(stream);
	bool begun = false;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (begun && column + 1 + length > width) {
			column = (size_t)fprintf(stream, "\n%s", next) - 1;
			begun = false;
		}
		column += (size_t)fprintf(stream, "%s%.*s", begun ? " " : "", (int)length, text);
		begun = true;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', stream);
}
