#include "lib/states.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct model_state free_state(void)
{
	struct limit unlimited = {UNLIMITED, UNLIMITED};

	return (struct model_state){.version = KERNEL(6, 12),
				    .page_bytes = 4096,
				    .map_count = 100,
				    .total_pages = 1000,
				    .data_pages = 500,
				    .accounted_pages = 300,
				    .largest_accounted_pages = 200,
				    .largest_gap_pages = UNLIMITED,
				    .max_map_count = UNLIMITED,
				    .as = unlimited,
				    .data = unlimited,
				    .memlock = unlimited,
				    .nproc = unlimited,
				    .user_processes = UNKNOWN,
				    .group_pids_max = UNLIMITED,
				    .commit = {.mode = 1,
					       .limit_pages = 100000,
					       .committed_pages = 5000,
					       .total_pages = 200000,
					       .ram_pages = 200000,
					       .batch_pages = 32,
					       .cpus = 1}};
}

struct request request_of(const char *line)
{
	struct request request = {.areas = 1};
	struct err err = {0};

	cr_assert(request_parse(line, &request, &err) == 0, "%s", err.text);
	return request;
}

struct operation operation_of(const char *lines)
{
	struct operation operation = {0};

	while (*lines) {
		size_t length = strcspn(lines, ";");
		char line[256];

		cr_assert(operation.count < OPERATION_REQUESTS_MOST);
		snprintf(line, sizeof(line), "%.*s", (int)length, lines);
		operation.requests[operation.count++] = request_of(line);
		lines += length + (lines[length] == ';');
	}
	return operation;
}

static const struct check *check_that_refuses(struct model_state *state, const char *line)
{
	struct request request = request_of(line);
	struct refusal_reason reason = {0};

	if (apply_request(state, &request, &reason))
		return NULL;
	cr_assert(reason.check != NULL);
	return reason.check;
}

const char *refuser(struct model_state state, const char *line)
{
	const struct check *check = check_that_refuses(&state, line);

	return check ? check->name : "-";
}

int refused_errno(struct model_state state, const char *line)
{
	const struct check *check = check_that_refuses(&state, line);

	return check ? check->error : 0;
}
