#include "report/left.h"

#include <stdio.h>
#include <string.h>

/* The version from which on the check that refuses leaves the old mapping; 0: it always does. */
static kernel_version kept_since(const struct verdict *verdict)
{
	const struct check *check = verdict->cause ? verdict->cause : verdict->prediction.check;

	return check ? check->unmaps_until : 0;
}

void left_text(char *buffer, size_t size, const struct result *result)
{
	const char *predicted = left_word(result->verdict.prediction.left);
	const char *measured = result->observation.left;
	const char *left = measured[0] ? measured : predicted ? predicted : "";
	kernel_version since = kept_since(&result->verdict);
	char others[32] = "";

	buffer[0] = '\0';
	if (!left[0])
		return;
	if (strcmp(left, left_word(LEFT_HOLE)) == 0) {
		if (since)
			snprintf(others, sizeof(others), " (kept from %d.%d on)", since / 1000, since % 1000);
		snprintf(buffer, size, "a hole where the old mapping was%s", others);
	} else {
		if (since)
			snprintf(others, sizeof(others), " (before %d.%d a hole)", since / 1000, since % 1000);
		snprintf(buffer, size, "the old mapping as it was%s", others);
	}
}

json_t *left_to_json(const struct result *result)
{
	const char *predicted = left_word(result->verdict.prediction.left);
	const char *measured = result->observation.left[0] ? result->observation.left : NULL;

	if (!predicted && !measured)
		return NULL;
	return json_pack("{s:s?, s:s?}", "predicted", predicted, "measured", measured);
}
