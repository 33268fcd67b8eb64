/* Asking whoever started the agent for what only that one may do: see runner/cell/raise.h. */
#ifndef ENOMEM_AGENT_ASK_H
#define ENOMEM_AGENT_ASK_H

#include "agent/process.h"
#include "cell/raise.h"

/*
 * Send the line in `text` and wait for one in answer, no longer than the process may take; *text is then
 * that line. 0, -ETIMEDOUT, or -EIO at the end of the file. Uses no heap.
 */
int ask(const struct process *process, char text[RAISE_BYTES], size_t length);

#endif
