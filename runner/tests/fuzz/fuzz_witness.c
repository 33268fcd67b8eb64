/* A witness as a guest sends it: whatever is accepted comes back the same and can be judged and shown. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/witness_text.h"
#include "verdict/testimony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct witness *witness)
{
	static struct observation observation = {.outcome = OUTCOME_REFUSED,
						 .has_refusal = true,
						 .refusal = {.call = "mmap", .kernel_errno = ENOMEM},
						 .traced = {.asked = true, .refused = true}};
	struct verdict verdict = {.word = VERDICT_EXACT, .cause = check_find("map-count")};
	char text[1200];

	testimony_judge(witness, KERNEL(6, 18), &observation, &verdict);
	if ((verdict.witness == DISAGREES) != (verdict.word == VERDICT_OFF))
		abort();
	witness_text(text, sizeof(text), witness, &verdict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct witness witness, again;
	struct err err = {0};
	json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);

	if (!json)
		return 0;
	if (witness_from_json(json, &witness, &err) == 0) {
		json_t *sent = witness_to_json(&witness);

		if (!sent || witness_from_json(sent, &again, &err) < 0)
			abort();
		json_decref(sent);
		judge(&witness);
	}
	json_decref(json);
	return 0;
}
