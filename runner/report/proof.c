#include "report/proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/append.h"
#include "support/number.h"

/* What was relaxed, with its amount. */
static void name_push(const struct push *push, char *buffer, size_t size)
{
	char bytes[32];

	switch (push->kind) {
	case PUSH_LIMIT:
		if (push->resource == LIMIT_NPROC)
			snprintf(buffer, size, "RLIMIT_NPROC raised by %" PRIu64, push->amount);
		else
			snprintf(buffer, size, "RLIMIT_%s raised by %s", push->resource == LIMIT_AS ? "AS" : "DATA",
				 number_format_bytes(push->amount, bytes, sizeof(bytes)));
		break;
	case PUSH_PAGES: snprintf(buffer, size, "%" PRIu64 " pages given back", push->amount); break;
	case PUSH_MAPS: snprintf(buffer, size, "%" PRIu64 " maps given back", push->amount); break;
	case PUSH_COMMIT: snprintf(buffer, size, "%" PRIu64 " committed pages given back", push->amount); break;
	case PUSH_EXEMPT: snprintf(buffer, size, "asked with MAP_NORESERVE"); break;
	case PUSH_KNOB:
		snprintf(buffer, size, "%s raised by %" PRIu64 "%s", push->knob, push->amount,
			 strstr(push->knob, "kbytes") ? " KiB" : "");
		break;
	case PUSH_KINDS: break;
	}
}

/* The pushes that moved the refusal, or those that did not. */
static unsigned list_pushes(const struct result *result, bool moved, char *buffer, size_t size)
{
	unsigned listed = 0;

	for (unsigned i = 0; i < result->observation.push_count; i++) {
		const struct push_result *made = &result->observation.pushes[i];
		char name[64] = "";

		if (made->error || (made->more > 0) != moved)
			continue;
		name_push(&result->specification.pushes[i], name, sizeof(name));
		if (moved)
			text_append(buffer, size, "%s%s: %" PRIu64 " more accepted", listed ? "; " : "", name,
				    made->more);
		else
			text_append(buffer, size, "%s%s", listed ? ", " : "", name);
		if (!result->verdict.pushes[i].agrees)
			text_append(buffer, size, " (predicted %" PRIu64 "..%" PRIu64 ")",
				    result->verdict.pushes[i].least_more, result->verdict.pushes[i].most_more);
		listed++;
	}
	return listed;
}

void proof_text(char *buffer, size_t size, const struct result *result)
{
	char others[320] = "";
	bool moved, not_moved;

	buffer[0] = '\0';
	if (result->verdict.start_refused) {
		snprintf(buffer, size, "the same program started without the limit");
		return;
	}
	if (!result->observation.has_refusal)
		return;
	moved = list_pushes(result, true, buffer, size) > 0;
	not_moved = list_pushes(result, false, others, sizeof(others)) > 0;
	if (!moved)
		text_append(buffer, size, "no push could move it");
	if (not_moved)
		text_append(buffer, size, "; not moved by: %s", others);
}
