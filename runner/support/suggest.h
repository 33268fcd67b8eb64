/* The near name for a mistyped one. */
#ifndef ENOMEM_SUPPORT_SUGGEST_H
#define ENOMEM_SUPPORT_SUGGEST_H

#include <stddef.h>

struct suggestion {
	const char *word; /* the nearest so far, NULL while none is near */
	size_t distance;
};

/* Consider one existing name; keeps it when it is nearer to `given` than what was seen before. */
void suggest_consider(struct suggestion *suggestion, const char *given, const char *name);

#endif
