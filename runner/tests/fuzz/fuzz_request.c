/* Lines of requests; those that can be read are made, at once and many times. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/predict.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static struct model_state tight_state(uint8_t mode)
{
	struct limit some = {1 << 26, 1 << 27};

	return (struct model_state){.version = KERNEL(6, 12),
				    .page_bytes = 4096,
				    .map_count = 11,
				    .total_pages = 300,
				    .data_pages = 60,
				    .accounted_pages = 60,
				    .largest_accounted_pages = 33,
				    .largest_gap_pages = UINT64_C(1) << 35,
				    .max_map_count = 65530,
				    .as = some,
				    .data = some,
				    .memlock = some,
				    .commit = {.mode = mode % 3,
					       .limit_pages = 100000,
					       .total_pages = 200000,
					       .ram_pages = 200000,
					       .batch_pages = 390,
					       .cpus = 2,
					       .synchronised = mode / 3 % 2 == 1}};
}

static void make(const struct request *request, uint8_t mode)
{
	struct model_state state = tight_state(mode), after = state;
	struct operation operation = {{*request}, 1};
	struct refusal_reason reason = {0};
	struct prediction prediction = predict_count(&state, &operation, 10000);

	must(prediction.least <= prediction.most && prediction.most <= 10000);
	if (!apply_operation(&after, &operation, &reason)) {
		must(reason.check && check_holds(reason.check, state.version));
		must(reason.comparison.text[0] && prediction.least == 0);
	}
	prediction = predict_size(&state, &operation, 1 << 20);
	must(!prediction.refused || (prediction.check && prediction.call && prediction.error > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1);
	struct request request;
	struct err err = {0};

	if (!line)
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	if (request_parse(line, &request, &err) < 0)
		must(err.code != 0);
	/* apply_request() goes through the splits one by one. */
	else if (request.splits < 1000 && request.areas < 1000)
		make(&request, size ? data[size - 1] : 0);
	free(line);
	return 0;
}
