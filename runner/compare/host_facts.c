#include "compare/host_facts.h"

#include <stdio.h>
#include <string.h>

#include "compare/member.h"
#include "support/append.h"

const char *host_fact_name(enum host_fact fact)
{
	static const char *const names[HOST_FACTS] = {"kernel", "distribution", "RAM", "swap"};

	return names[fact];
}

/* Keeps them sorted, so that their order in the file does not matter. */
static void distinct_add(struct distinct *distinct, const char *value)
{
	unsigned at = 0;

	while (at < distinct->count && strcmp(distinct->values[at], value) < 0)
		at++;
	if (at < distinct->count && strcmp(distinct->values[at], value) == 0)
		return;
	if (distinct->count == DISTINCT_MOST) {
		distinct->more = true;
		if (at == DISTINCT_MOST)
			return;
		distinct->count--;
	}
	memmove(distinct->values[at + 1], distinct->values[at], (distinct->count - at) * sizeof(distinct->values[0]));
	snprintf(distinct->values[at], sizeof(distinct->values[at]), "%s", value);
	distinct->count++;
}

bool distinct_equal(const struct distinct *a, const struct distinct *b)
{
	if (a->count != b->count || a->more != b->more)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		if (strcmp(a->values[i], b->values[i]) != 0)
			return false;
	}
	return true;
}

void distinct_text(const struct distinct *distinct, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s", distinct->count ? "" : "unknown");
	for (unsigned i = 0; i < distinct->count; i++)
		text_append(buffer, size, "%s%s", i ? ", " : "", distinct->values[i]);
	if (distinct->more)
		text_append(buffer, size, ", ...");
}

static void add_text(const json_t *object, const char *name, struct distinct *ret)
{
	char text[sizeof(ret->values[0])];

	if (member_copy(object, name, text, sizeof(text)) == 0 && text[0])
		distinct_add(ret, text);
}

static void add_kib(const json_t *object, const char *name, struct distinct *ret)
{
	const json_t *number = json_object_get(object, name);
	char text[32];

	if (!json_is_integer(number))
		return;
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT " KiB", json_integer_value(number));
	distinct_add(ret, text);
}

void host_facts_add(const json_t *result, struct distinct host[HOST_FACTS])
{
	const json_t *before = json_object_get(json_object_get(result, "snapshots"), "before");
	const json_t *machine = json_object_get(before, "machine");

	/* Where a cell ran in a guest, the snapshot is the guest's. */
	if (!machine)
		machine = json_object_get(json_object_get(result, "host"), "numbers");
	add_text(result, "kernel", &host[HOST_KERNEL]);
	add_text(json_object_get(result, "host"), "distribution", &host[HOST_DISTRIBUTION]);
	add_kib(machine, "mem_total_kib", &host[HOST_RAM]);
	add_kib(machine, "swap_total_kib", &host[HOST_SWAP]);
}
