/*
 * The text of a tracefs `trace` file, as the events that trace.c sets up print it:
 *
 *   big-fork-71  [000] .....  12.34: copy_process: (kernel_clone+0x9a/0x3c0 <- copy_process) address=-12
 *   big-fork-71  [000] .....  12.34: <stack trace>
 *    => kernel_clone
 *   big-fork-71  [000] .....  12.35: sys_exit: NR 56 = -12
 *
 * What is wanted is the last system call that was refused: what its functions returned. Uses no heap.
 */
#ifndef ENOMEM_WITNESS_PARSE_H
#define ENOMEM_WITNESS_PARSE_H

#include <stddef.h>

#include "witness/witness.h"

#define PARSE_LINE_BYTES 256

struct trace_parser {
	struct witness *ret;
	struct witness_return now[WITNESS_CHAIN_MOST]; /* of the call that has not returned yet */
	unsigned now_count;
	bool in_stack; /* lines that begin with => belong to the last return */
	bool stack_begins;
	char line[PARSE_LINE_BYTES];
	size_t length;
	bool refused; /* a refused system call was seen */
};

/* Begin: *ret gets chain and error, and keeps everything else. */
void trace_parse_begin(struct trace_parser *parser, struct witness *ret);

/* The next piece of the text; pieces end anywhere. */
void trace_parse(struct trace_parser *parser, const char *text, size_t length);

/* The end of the text. False when no call was refused in it; *ret then has neither chain nor errno. */
bool trace_parse_end(struct trace_parser *parser);

#endif
