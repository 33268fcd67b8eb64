#include <errno.h>

#include "agent/ask.h"
#include "agent/measure.h"

/* `call` NULL: the end. */
static int ask_for_trace(const struct process *process, const char *call)
{
	char text[RAISE_BYTES];
	int number, status = ask(process, text, trace_ask(text, call));

	if (status < 0)
		return status;
	return trace_read_answer(text, &number) ? -number : -EIO;
}

/* Nothing is given back, so the very same request is made and refused again. */
static int repeat(struct process *process, struct traced *ret)
{
	struct record *record = process->record;
	uint64_t accepted = record->accepted;
	int status;

	record_set_state(record, RECORD_RUNNING);
	status = process_wait(process, RECORD_RUNNING);
	if (status < 0)
		return status;
	ret->refused = record_state(record) == RECORD_REFUSED;
	ret->more = record->accepted > accepted ? record->accepted - accepted : 0;
	return 0;
}

void measure_witness(const struct specification *specification, struct process *process, struct observation *ret)
{
	struct traced *traced = &ret->traced;
	int status;

	if (!specification->witness)
		return;
	traced->asked = true;
	traced->error = -ask_for_trace(process, ret->refusal.call);
	if (traced->error)
		return;
	status = repeat(process, traced);
	if (status == 0)
		status = ask_for_trace(process, NULL);
	traced->error = -status;
	if (status == -ECHILD) {
		ret->outcome = OUTCOME_DIED;
		ret->died = process->died;
	}
}
