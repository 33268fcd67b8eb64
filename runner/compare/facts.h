/*
 * Facts: what the model takes from a result (its kernel, its machine, its limits, its program's
 * start), one by one, so that two results can exchange them. Pure.
 */
#ifndef ENOMEM_COMPARE_FACTS_H
#define ENOMEM_COMPARE_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "snapshot/snapshot.h"
#include "support/err.h"

struct facts {
	char kernel[96]; /* release */
	uint64_t page_bytes;
	uint64_t cpus;            /* present; UNKNOWN */
	uint64_t at_most;         /* where the run would have ended; UNKNOWN when a refusal was predicted before it */
	uint64_t synchronised;    /* 1: mode 2's per-CPU counter was folded and followed on one CPU */
	struct snapshot snapshot; /* at READY; cap_effective is 0 where it does not count */
};

/*
 * The facts of a result. *ret is allocated, to be released with free(), or NULL when the result
 * lacks some: *ret_missing then says in static words what. -EINVAL: bad "member"; -ENOMEM.
 */
int facts_from_json(const json_t *result, struct facts **ret, const char **ret_missing, struct err *err);

/* Number of facts; a fact is an index below it. Their order is the order in which they are named. */
unsigned facts_count(void);

/* "vm.max_map_count": for programs. */
const char *fact_name(unsigned fact);

/* "vm.max_map_count 65530 -> 262144", "the kernel's version 7.0 -> 7.1": for people. */
void fact_change_text(unsigned fact, const struct facts *before, const struct facts *after, char *buffer, size_t size);

/* An integer, a string, or null for unlimited and unknown. A new reference; NULL when there is no memory. */
json_t *fact_value_to_json(unsigned fact, const struct facts *facts);

bool fact_differs(unsigned fact, const struct facts *before, const struct facts *after);

/* Take this fact from `from`. */
void fact_exchange(unsigned fact, const struct facts *from, struct facts *to);

/*
 * CommitLimit follows from RAM, swap, huge pages and two knobs (mm/util.c vm_commit_limit()).
 * Whether it does so here, and the limit in KiB that then follows.
 */
bool facts_commit_limit_follows(const struct facts *facts);
uint64_t facts_commit_limit_kib(const struct facts *facts);

/*
 * Whether this fact is a size that guests of the same shape do not share: RAM as the kernel counts it
 * (without its own), what follows from it, and how large this build's program starts.
 */
bool fact_is_size(unsigned fact);

/* Whether it is a knob that the kernel sets from the size of RAM at boot, and so a size where nobody set it. */
bool fact_is_sized_knob(unsigned fact);

/* "RAM", "start size": for people. */
const char *fact_label(unsigned fact);

/* Whether this fact is the commit limit itself. */
bool fact_is_commit_limit(unsigned fact);

#endif
