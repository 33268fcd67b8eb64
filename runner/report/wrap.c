#include "report/wrap.h"

#include <stdbool.h>
#include <string.h>

void wrap_print(FILE *stream, const char *first, const char *next, const char *text)
{
	size_t column = (size_t)fprintf(stream, "%s", first);
	bool begun = false;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (begun && column + 1 + length > WRAP_WIDTH) {
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
