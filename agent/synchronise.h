/* Making the kernel's per-CPU commit counter exact, without any privilege. */
#ifndef ENOMEM_AGENT_SYNCHRONISE_H
#define ENOMEM_AGENT_SYNCHRONISE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Fold each CPU's residue of vm_committed_as into the global count, by charging and giving back
 * `pages` on it: a change of at least two batches is never kept as a residue
 * (lib/percpu_counter.c percpu_counter_add_batch(), all versions). Afterwards the count that
 * __vm_enough_memory() compares is Committed_AS, until somebody commits a little again.
 *
 * False when a CPU may not be used, or the charge was refused: then the counter is not exact.
 * The affinity of the calling process is as before.
 */
bool synchronise_commit(uint64_t pages);

#endif
