/* The probes of a trace: made once for each function, switched for each refusal. */
#ifndef ENOMEM_WITNESS_PROBE_H
#define ENOMEM_WITNESS_PROBE_H

#include "witness/trace.h"

#define TRACE_GROUP "enomem_"

/* Index of the function's probe, made now when it was not tried yet; a negative errno when it cannot be. */
int probe_get(struct trace *trace, const char *function, enum witness_returns returns);

/* Whether there is a probe of the function. */
bool probe_is_there(const struct trace *trace, const char *function);

/* Have it trace; of more than fit the later ones do not. One that is chosen is left at that. */
void probe_choose(struct trace *trace, unsigned index);

/* Let through what says no to this process; and let through nothing. */
int probe_enable(const struct trace *trace, const struct trace_probe *probe, pid_t pid);
void probe_disable(const struct trace *trace, const struct trace_probe *probe);

void probe_remove(const struct trace *trace, const struct trace_probe *probe);

#endif
