/* The text of a trace: whatever it says, nothing is written past its place and what is kept is in range. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/testimony.h"
#include "witness/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trace_parser parser;
	static struct witness witness, again;
	size_t half = size / 2;
	struct err err = {0};
	json_t *json;

	memset(&witness, 0, sizeof(witness));
	trace_parse_begin(&parser, &witness);
	trace_parse(&parser, (const char *)data, half);
	trace_parse(&parser, (const char *)data + half, size - half);
	if (!trace_parse_end(&parser) && (witness.chain_count || witness.error))
		abort();
	if (testimony_origin(&witness, KERNEL(6, 18), "mmap") >= (int)witness.chain_count)
		abort();
	/* What is read from a trace is a witness that can be sent. */
	json = witness_to_json(&witness);
	if (!json || witness_from_json(json, &again, &err) < 0 || again.chain_count != witness.chain_count)
		abort();
	json_decref(json);
	return 0;
}
