/* Facts of the hosts of a whole file: values that all its cells share, or the few that they have. Pure. */
#ifndef ENOMEM_COMPARE_HOST_FACTS_H
#define ENOMEM_COMPARE_HOST_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Different values that a file has for the same thing, sorted. Beyond these few, the least ones. */
#define DISTINCT_MOST 4

struct distinct {
	char values[DISTINCT_MOST][128];
	unsigned count;
	bool more; /* than are listed */
};

/* What cells have in common that ran in the same place. */
enum host_fact { HOST_KERNEL, HOST_DISTRIBUTION, HOST_RAM, HOST_SWAP, HOST_FACTS };

/* Note what a result says of its host; what it does not say is left out. */
void host_facts_add(const json_t *result, struct distinct host[HOST_FACTS]);

/* "kernel", "distribution", "RAM", "swap". */
const char *host_fact_name(enum host_fact fact);

bool distinct_equal(const struct distinct *a, const struct distinct *b);

/* "5.10, 6.1"; "unknown" for none. */
void distinct_text(const struct distinct *distinct, char *buffer, size_t size);

#endif
