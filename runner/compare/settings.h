/* Settings of a cell's configuration that differ within a pair. Pure. */
#ifndef ENOMEM_COMPARE_SETTINGS_H
#define ENOMEM_COMPARE_SETTINGS_H

#include "compare/pairing.h"

struct settings_walk {
	const char *before, *after; /* what is left of each */
};

/* Points into the records. A setting that one side does not have is "unset" there. */
struct settings_difference {
	const char *name, *before, *after; /* values as JSON */
	size_t name_length, before_length, after_length;
	bool has_before, has_after;
};

/* Walk through those that differ, sorted by name. Results without `settings` have no difference. */
struct settings_walk settings_begin(const struct pair *pair);
bool settings_next(struct settings_walk *walk, struct settings_difference *ret);

#endif
