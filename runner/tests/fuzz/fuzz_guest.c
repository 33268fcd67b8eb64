/* What a guest says: any bytes. A damaged record is none; of a whole one the facts make sense. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "guest/facts.h"
#include "guest/order.h"
#include "guest/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const json_t *json)
{
	struct guest_facts facts;
	struct guest_order order;
	struct err err = {0};
	json_t *again;

	if (guest_facts_from_json(json, &facts, &err) == 0) {
		if (!facts.cpus || !facts.host.page_bytes)
			abort();
		again = guest_facts_to_json(&facts);
		json_decref(again);
	}
	if (guest_order_from_json(json, &order, &err) == 0 && order.configuration.count > KNOBS)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *record = guest_record_open((const char *)data, size);
	json_t *json = json_loadb((const char *)data, size, 0, NULL);
	size_t length;
	char *line;

	if (record)
		check(record);
	json_decref(record);
	if (!json)
		return 0;
	check(json);
	/* Whatever is sealed is opened. */
	json_object_del(json, "crc32");
	line = guest_record_seal(json, &length);
	record = line ? guest_record_open(line, length - 1) : NULL;
	if (line && !record && length <= GUEST_RECORD_BYTES_MOST)
		abort();
	json_decref(record);
	free(line);
	return 0;
}
