/* Members of a result's JSON, read with care: a results file is outside data. Pure. */
#ifndef ENOMEM_COMPARE_MEMBER_H
#define ENOMEM_COMPARE_MEMBER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/err.h"

/* Fill `err` with: bad "name". Returns -EINVAL. The caller knows the file and the line. */
int member_bad(struct err *err, const char *name);

/* Add where it stands what a result holds. Returns -err->code. */
int member_advise(struct err *err);

/* Whether a text has no control characters, so that it can be printed to a terminal. */
bool member_is_plain(const char *text);

/* The text of a member; NULL when it is missing, no string, or not plain. Lives as long as `object`. */
const char *member_text(const json_t *object, const char *name);

/*
 * Copy the text of a member; "" when it is missing or null. -EINVAL when it is of another kind,
 * not plain, or longer than `size` - 1 bytes.
 */
int member_copy(const json_t *object, const char *name, char *buffer, size_t size);

/* A whole number that is not negative. -EINVAL for everything else. */
int member_number(const json_t *json, uint64_t *ret);

#endif
