#include "report/witness_text.h"

#include <stdio.h>

#include "support/append.h"

static void append_callers(char *buffer, size_t size, const struct witness *witness, unsigned origin)
{
	const char *callers[WITNESS_FRAMES_MOST];
	unsigned count = witness_stack(witness, origin, callers);

	for (unsigned i = 0; i < count; i++)
		text_append(buffer, size, "%s%s", i ? " < " : " (stack: ", callers[i]);
	if (count)
		text_append(buffer, size, ")");
}

void witness_text(char *buffer, size_t size, const struct witness *witness, const struct verdict *verdict)
{
	buffer[0] = '\0';
	if (verdict->witness_origin >= 0) {
		const struct witness_return *returned = &witness->chain[verdict->witness_origin];

		snprintf(buffer, size, "%s returned %s", returned->function, witness_value_text(returned));
		append_callers(buffer, size, witness, (unsigned)verdict->witness_origin);
	}
	if (verdict->witness_how)
		text_append(buffer, size, "; inlined: %s", verdict->witness_how);
	else if (verdict->witness_problem[0] && verdict->witness != DISAGREES)
		text_append(buffer, size, "%snone: %s", buffer[0] ? "; " : "", verdict->witness_problem);
}
