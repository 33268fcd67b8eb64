/* Catalogues, and plans of all that is in them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "plan/plan.h"

static const char *const parameters[] = {"pages=2", "limit=+1M"};

static void make_plan(const struct catalogue *catalogue)
{
	struct selection all = {.repeats = 1}, some = {.parameters = parameters, .parameter_count = 2, .repeats = 2};
	struct plan plan = {0};
	struct err err = {0};

	if (plan_make(catalogue, &all, &plan, &err) == 0 && plan.count != catalogue->count)
		abort();
	plan_free(&plan);
	if (plan_make(catalogue, &some, &plan, &err) < 0 && (err.code == 0 || plan.cells))
		abort();
	plan_free(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *json = json_loadb((const char *)data, size, JSON_DISABLE_EOF_CHECK, NULL);
	struct catalogue catalogue = {0};
	struct err err = {0};

	if (!json)
		return 0;
	if (catalogue_from_json(json, &catalogue, &err) == 0)
		make_plan(&catalogue);
	else if (err.code == 0)
		abort();
	catalogue_free(&catalogue);
	return 0;
}
