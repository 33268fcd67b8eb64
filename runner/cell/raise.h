/*
 * What agent and runner say to each other while a refusal stands: the agent asks for a push that only
 * the runner can make, `{"raise": INDEX}`, and hears `{"raised": ERRNO}`; or, where a witness is wanted, for
 * the tracing of its scenario, `{"trace": "begin", "call": CALL}` and `{"trace": "end"}`, and hears
 * `{"traced": ERRNO}` each time. One line each, and no heap: in mode 2 there may be none.
 */
#ifndef ENOMEM_CELL_RAISE_H
#define ENOMEM_CELL_RAISE_H

#include <stdbool.h>
#include <stddef.h>

#define RAISE_BYTES 64

/* The line, with its newline, into `text`; returns its length. */
size_t raise_ask(char text[RAISE_BYTES], unsigned index);
size_t raise_answer(char text[RAISE_BYTES], int number);

/* Read one that ends in NUL. False for any other text. */
bool raise_read_ask(const char *text, unsigned *ret_index);
bool raise_read_answer(const char *text, int *ret_number);

#define TRACE_CALL_BYTES 16

/* The same for tracing: `call` is the refused one, NULL asks for its end. */
size_t trace_ask(char text[RAISE_BYTES], const char *call);
size_t trace_answer(char text[RAISE_BYTES], int number);

/* *ret_call is "" when the end of tracing is asked for. */
bool trace_read_ask(const char *text, char ret_call[TRACE_CALL_BYTES]);
bool trace_read_answer(const char *text, int *ret_number);

#endif
