/* The journal's text, as a crash or a stranger may have left it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	char value[32], path[64];

	if (!text)
		return 0;
	journal_is_of_boot(text, "11111111-2222-3333-4444-555555555555");
	if (journal_before(text, "vm/max_map_count", value, sizeof(value)) &&
	    (strlen(value) >= sizeof(value) || strchr(value, '\n') || strchr(value, ' ')))
		abort();
	journal_gave(text, "vm/max_map_count", "1024");
	for (unsigned i = 0; journal_path(text, "group", i, path, sizeof(path)); i++) {
		if (strchr(path, '\n') || strchr(path, ' ') || !*path)
			abort();
	}
	free(text);
	return 0;
}
