/* The guest's kernel as a witness of its own refusals. */
#include <errno.h>
#include <stdio.h>

#include "agent/guest/guest.h"
#include "witness/answer.h"

static bool is_ready(struct guest_witness *witness)
{
	if (!witness->tried) {
		witness->tried = true;
		witness->trace = (struct trace)TRACE_NONE;
		trace_open(&witness->trace, &witness->why_not);
	}
	return witness->why_not.code == 0;
}

void guest_witness_attend(struct guest_witness *witness, struct collector *collector, struct witness *ret)
{
	char call[TRACE_CALL_BYTES];
	int error;

	if (!collector_wants_trace(collector, call))
		return;
	if (!is_ready(witness)) {
		witness_absent(ret, "%s", witness->why_not.text);
		error = witness->why_not.code;
	} else if (call[0]) {
		error = witness_begin(&witness->trace, collector->running.pid, call, ret);
	} else {
		error = witness_end(&witness->trace, ret);
	}
	collector_answer_trace(collector, error);
}
