#include "report/witness_json.h"

static json_t *chain_to_json(const struct witness *witness)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < witness->chain_count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "function", witness->chain[i].function, "returned",
						      witness_value_text(&witness->chain[i])));
	return list;
}

static json_t *names_to_json(const char (*names)[WITNESS_NAME_BYTES], unsigned count)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < count; i++)
		json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *stack_to_json(const struct witness *witness, int origin)
{
	const char *callers[WITNESS_FRAMES_MOST];
	unsigned count = origin < 0 ? 0 : witness_stack(witness, (unsigned)origin, callers);
	json_t *list = json_array();

	for (unsigned i = 0; i < count; i++)
		json_array_append_new(list, json_string(callers[i]));
	return list;
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

json_t *witness_result_to_json(const struct result *result)
{
	const struct verdict *verdict = &result->verdict;
	const struct witness *witness = &result->witness;
	const struct witness_return *origin;

	if (!result->observation.traced.asked && !verdict->witness_problem[0])
		return json_null();
	origin = verdict->witness_origin >= 0 ? &witness->chain[verdict->witness_origin] : NULL;
	return json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "function",
			 text_or_null(origin ? origin->function : NULL), "returned",
			 text_or_null(origin ? witness_value_text(origin) : NULL), "inlined",
			 verdict->witness_how != NULL, "how", text_or_null(verdict->witness_how), "chain",
			 chain_to_json(witness), "stack", stack_to_json(witness, verdict->witness_origin), "probed",
			 names_to_json(witness->probed, witness->probed_count), "problem",
			 text_or_null(verdict->witness_problem));
}
