/*
 * What many JSON objects have in common, so that it need not stand in each of them. Pure.
 *
 * A member is common when every object has it; its value is then the most frequent one (of equally
 * frequent ones the first). Objects inside are taken apart; one that is `null` somewhere is still
 * common as far as the others go.
 */
#ifndef ENOMEM_REPORT_COMMON_H
#define ENOMEM_REPORT_COMMON_H

#include <jansson.h>

/* What the objects of an array have in common of these members, a list that ends with NULL. A new reference, or NULL.
 */
json_t *common_of(const json_t *objects, const char *const *names);

/* Take out of `object` what it has from `common`: needs no memory. */
void common_leave_out(json_t *object, const json_t *common);

/* The whole object again; a new reference, NULL when there is no memory. */
json_t *common_put_back(const json_t *object, const json_t *common);

#endif
