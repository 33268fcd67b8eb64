/* Numbers, sizes, kernel releases, names of errnos, and words near to a name: all short texts. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/version.h"
#include "support/err.h"
#include "support/number.h"
#include "support/suggest.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void parse(const char *text)
{
	uint64_t number = 0, bytes = 0;
	bool relative = false;
	char buffer[24];
	struct suggestion suggestion = {0};
	int error = err_number(text);

	if (number_parse(text, &number) == 0)
		must(number_parse_bytes(text, &bytes, &relative) == 0 && bytes == number && !relative);
	if (number_parse_bytes(text, &bytes, &relative) == 0)
		must(strlen(number_format_bytes(bytes, buffer, sizeof(buffer))) < sizeof(buffer));
	must(kernel_version_parse(text) >= 0 && kernel_version_parse(text) < KERNEL_ANY_LATER);
	must(error < 0 || strcmp(err_name(error), text) == 0);
	suggest_consider(&suggestion, text, "many-mmaps");
	suggest_consider(&suggestion, "many-mmaps", text);
	must(!suggestion.word || suggestion.distance < 200);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	parse(text);
	free(text);
	return 0;
}
