/* Which environment, as it is said: "ns", "host", "vm:debian:7.2", "vm:./vmlinux". */
#ifndef ENOMEM_PLAN_ENVIRONMENT_CHOICE_H
#define ENOMEM_PLAN_ENVIRONMENT_CHOICE_H

#include "plan/knob.h"

struct environment_choice {
	enum environment_id id;
	char kernel[256]; /* of vm: what stands behind "vm:", as kernel_find() takes it; else "" */
};

#define ENVIRONMENTS_MOST 32
#define ENVIRONMENT_LABEL_BYTES 264

/* "ns", "host", "vm". */
const char *environment_word(enum environment_id id);

/* -EINVAL with "there is no environment ..." and the nearest one, or what is missing behind "vm:". */
int environment_choice_parse(const char *word, struct environment_choice *ret, struct err *err);

bool environment_choice_same(const struct environment_choice *a, const struct environment_choice *b);

/* As it is written; returns `buffer`. `kernel` may be NULL. */
const char *environment_label(enum environment_id id, const char *kernel, char *buffer, size_t size);

#endif
