/* Cell specifications: what is read must be written again, and read as the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "cell/specification.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *json = json_loadb((const char *)data, size, JSON_DISABLE_EOF_CHECK, NULL);
	struct specification specification;
	struct err err = {0};
	json_t *again, *third;

	if (json && specification_from_json(json, &specification, &err) == 0) {
		again = specification_to_json(&specification);
		if (!again || specification_from_json(again, &specification, &err) < 0)
			abort();
		third = specification_to_json(&specification);
		if (!json_equal(again, third))
			abort();
		json_decref(again);
		json_decref(third);
	} else if (json && err.code == 0) {
		abort();
	}
	json_decref(json);
	return 0;
}
