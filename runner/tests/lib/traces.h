/* Captured traces (traces/VERSION.txt): what tracing said of refused calls on other kernels. */
#ifndef ENOMEM_TESTS_TRACES_H
#define ENOMEM_TESTS_TRACES_H

#include "model/version.h"
#include "witness/witness.h"

#define TRACE_KERNELS 4

struct captured_trace {
	kernel_version version;
	char call[16], check[32]; /* what was refused, and by which check */
	char *text;
	size_t length;
};

extern const char *const trace_kernels[TRACE_KERNELS];

/* All traces of a kernel, at most `most`; returns how many. Release each one's text. Anything missing fails. */
unsigned traces_load(const char *kernel, struct captured_trace *ret, unsigned most);
#define TRACES_MOST 64

/* What the parser makes of it, with all of the table's functions for the call as those that were traced. */
void trace_witness(const struct captured_trace *trace, struct witness *ret);

#endif
