/* Collecting one cell's observation from its agent, with a deadline, whatever the agent does. */
#ifndef ENOMEM_RUN_COLLECTOR_H
#define ENOMEM_RUN_COLLECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "cell/observation.h"
#include "cell/raise.h"
#include "environment/environment.h"

/* An observation is some KiB; more than this is no observation. */
#define OBSERVATION_BYTES_MOST (1024 * 1024)

struct collector {
	struct running running;
	char *text;
	size_t length, size;
	uint64_t deadline_ns; /* CLOCK_MONOTONIC; the agent has its own, somewhat earlier */
	bool timed_out;
};

/* Take over a started cell. */
void collector_begin(struct collector *collector, const struct running *running, uint64_t deadline_ns);

/* Read what is there. 1: more may come; 0: the end was reached; negative errno: give up on it. */
int collector_read(struct collector *collector);

/*
 * Take a request of the agent for a push out of what was read, when a whole one stands at its beginning;
 * *ret_index is the push's. Uses no heap.
 */
bool collector_request(struct collector *collector, unsigned *ret_index);

/* Answer it: 0 or a positive errno. */
void collector_answer(struct collector *collector, int number);

/* The same for a request to trace; the request stays until it is answered. *ret_call is "" for the end. */
bool collector_wants_trace(const struct collector *collector, char ret_call[TRACE_CALL_BYTES]);
void collector_answer_trace(struct collector *collector, int number);

/* Kill the agent, and with it the cell. */
void collector_kill(struct collector *collector);

/* Reap the agent and make an observation of what it said; OUTCOME_BROKEN when that is none. Releases all. */
void collector_finish(struct collector *collector, struct observation *ret);

#endif
