/* Answering an agent that asks for a witness: what the runner and the first process of a guest do alike. */
#ifndef ENOMEM_WITNESS_ANSWER_H
#define ENOMEM_WITNESS_ANSWER_H

#include "witness/trace.h"

/*
 * The agent (its pid as seen here) asks for tracing to begin: of its only child, which stands at a refusal of
 * `call`. Returns 0 or a positive errno, the number for trace_answer(); *ret then says why in its problem.
 */
int witness_begin(struct trace *trace, pid_t agent, const char *call, struct witness *ret);

/* It asks for the end: *ret is filled in. Returns 0. */
int witness_end(struct trace *trace, struct witness *ret);

/* What a cell without one has, and why. */
void witness_absent(struct witness *ret, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
