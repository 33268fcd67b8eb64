#include <errno.h>

#include "agent/ask.h"
#include "agent/measure.h"

static int raise_limit(const struct process *process, const struct push *push)
{
	struct limit limit;
	int status = process_get_limit(process->pid, push->resource, &limit);

	if (status < 0)
		return status;
	if (limit.soft == UNLIMITED)
		return -ERANGE; /* nothing to raise */
	if (limit.soft + push->amount > limit.hard)
		return -EPERM;
	return process_set_soft_limit(process->pid, push->resource, limit.soft + push->amount);
}

/* What only the runner may raise, it raises: see runner/cell/raise.h. */
static int ask_runner(const struct process *process, unsigned index)
{
	char text[RAISE_BYTES];
	int number, status = ask(process, text, raise_ask(text, index));

	if (status < 0)
		return status;
	return raise_read_answer(text, &number) ? -number : -EIO;
}

/* Puts the order into the record, or raises the limit from outside. */
static int order(const struct process *process, const struct push *push, unsigned index)
{
	struct record *record = process->record;

	switch (push->kind) {
	case PUSH_LIMIT: return raise_limit(process, push);
	case PUSH_PAGES: record->give_pages = push->amount; return push->amount <= record->reserve_pages ? 0 : -ENOSPC;
	case PUSH_MAPS: record->give_maps = push->amount; return push->amount <= record->reserve_maps ? 0 : -ENOSPC;
	case PUSH_COMMIT:
		record->give_commit_pages = push->amount;
		return push->amount <= record->reserve_commit_pages ? 0 : -ENOSPC;
	case PUSH_EXEMPT: record->exempt = 1; return 0;
	case PUSH_KNOB: return ask_runner(process, index);
	case PUSH_KINDS: break;
	}
	return -EINVAL;
}

static int push_once(struct process *process, const struct push *push, unsigned index, struct push_result *ret)
{
	struct record *record = process->record;
	uint64_t accepted = record->accepted;
	int status = order(process, push, index);

	*ret = (struct push_result){.error = -status};
	if (status < 0) {
		record->give_pages = record->give_maps = record->give_commit_pages = 0;
		return 0;
	}
	record_set_state(record, RECORD_RUNNING);
	status = process_wait(process, RECORD_RUNNING);
	if (status < 0)
		return status;
	ret->error = (int)record->relief_errno;
	ret->refused = record_state(record) == RECORD_REFUSED;
	ret->more = record->accepted > accepted ? record->accepted - accepted : 0;
	return 0;
}

void measure_pushes(const struct specification *specification, struct process *process, struct observation *ret)
{
	int status = 0;

	for (unsigned i = 0; i < specification->push_count && status == 0; i++) {
		status = push_once(process, &specification->pushes[i], i, &ret->pushes[i]);
		if (status == 0)
			ret->push_count = i + 1;
	}
	/* At the deadline the refusal stands all the same, with as much proof as there is. */
	if (status == -ECHILD) {
		ret->outcome = OUTCOME_DIED;
		ret->died = process->died;
	}
}
