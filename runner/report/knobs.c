#include "report/knobs.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "plan/environment_choice.h"
#include "report/wrap.h"

static void environments_of(const struct knob *knob, char *buffer, size_t size)
{
	buffer[0] = '\0';
	for (int id = 0; id < ENVIRONMENT_IDS; id++) {
		size_t used = strlen(buffer);

		if (knob->environments & 1u << id)
			snprintf(buffer + used, size - used, "%s%s", used ? "," : "",
				 environment_word((enum environment_id)id));
	}
}

/* What a value looks like. */
static void takes(const struct knob *knob, char *buffer, size_t size)
{
	char most[32];

	snprintf(most, sizeof(most), "%" PRIu64, knob->most);
	switch (knob->kind) {
	case KNOB_NUMBER:
		snprintf(buffer, size, "%" PRIu64 " to %s", knob->least, knob->most >= INT64_MAX / 1024 ? "..." : most);
		break;
	case KNOB_BYTES:
		snprintf(buffer, size, "%s",
			 knob->id == KNOB_SWAP || knob->scope == SCOPE_GUEST ? "a size (256M)"
									     : "a number or size (256M), or unlimited");
		break;
	case KNOB_LIMIT: snprintf(buffer, size, "SOFT or SOFT:HARD: 512M, +64M, unlimited"); break;
	case KNOB_TEXT: snprintf(buffer, size, "a text"); break;
	case KNOB_CAPABILITIES: snprintf(buffer, size, "cap_sys_admin+cap_ipc_lock, or none"); break;
	}
}

static void print_text(FILE *stream)
{
	char environments[32], values[64], line[400];

	fprintf(stream, "%-26s %-10s %-10s %s\n", "KNOB", "SCOPE", "SET IN", "VALUES");
	for (int id = 0; id < KNOBS; id++) {
		const struct knob *knob = knob_of((enum knob_id)id);

		environments_of(knob, environments, sizeof(environments));
		takes(knob, values, sizeof(values));
		fprintf(stream, "%-26s %-10s %-10s %s\n", knob->name, scope_word(knob->scope), environments, values);
		snprintf(line, sizeof(line), "moves %s; put back: %s", knob->moves, knob->put_back);
		wrap_print(stream, "    ", "    ", line);
	}
}

static json_t *knob_to_json(const struct knob *knob)
{
	json_t *environments = json_array();
	char values[64];

	for (int id = 0; id < ENVIRONMENT_IDS; id++) {
		if (knob->environments & 1u << id)
			json_array_append_new(environments, json_string(environment_word((enum environment_id)id)));
	}
	takes(knob, values, sizeof(values));
	return json_pack("{s:s, s:s, s:o, s:s, s:I, s:I, s:s, s:s}", "name", knob->name, "scope",
			 scope_word(knob->scope), "environments", environments, "values", values, "least",
			 (json_int_t)knob->least, "most", (json_int_t)knob->most, "put_back", knob->put_back, "moves",
			 knob->moves);
}

void knobs_print(FILE *stream, bool json)
{
	json_t *list = json ? json_array() : NULL;

	if (!json) {
		print_text(stream);
		return;
	}
	for (int id = 0; id < KNOBS; id++)
		json_array_append_new(list, knob_to_json(knob_of((enum knob_id)id)));
	json_dumpf(list, stream, JSON_INDENT(2));
	fputc('\n', stream);
	json_decref(list);
}
