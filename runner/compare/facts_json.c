/* Facts out of a result's JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell/observation.h"
#include "compare/facts.h"
#include "compare/member.h"
#include "model/version.h"
#include "report/result_json.h"

/* More than any kernel has (NR_CPUS), so that no sum of the model's overflows. */
#define CPUS_MOST 65536
#define PAGE_BYTES_LEAST 1024
#define PAGE_BYTES_MOST (UINT64_C(1) << 30)

static int read_page_bytes(const json_t *json, uint64_t *ret)
{
	if (member_number(json, ret) < 0 || *ret < PAGE_BYTES_LEAST || *ret > PAGE_BYTES_MOST || (*ret & (*ret - 1)))
		return -EINVAL;
	return 0;
}

static int read_cpus(const json_t *json, uint64_t *ret)
{
	*ret = UNKNOWN;
	if (!json || json_is_null(json))
		return 0;
	return member_number(json, ret) < 0 || *ret == 0 || *ret > CPUS_MOST ? -EINVAL : 0;
}

static int read_snapshot(const json_t *json, struct snapshot *ret, struct err *err)
{
	struct err inner = {0};
	const char *what;

	if (snapshot_from_json(json, ret, &inner) < 0) {
		what = strstr(inner.text, ": ");
		err_set(err, EINVAL, "bad \"snapshots.before\": %s", what ? what + 2 : inner.text);
		return member_advise(err);
	}
	/* Areas that were not read are areas that limit nothing (state_from_snapshot()). */
	if (!ret->process.areas.known) {
		ret->process.areas = (struct areas){.known = true, .largest_gap_pages = UNLIMITED};
	}
	return 0;
}

/* Capabilities of a user namespace are none to these checks. */
static bool has_own_userns(const json_t *result)
{
	const json_t *names = json_object_get(json_object_get(result, "isolation"), "namespaces");
	const char *environment = json_string_value(json_object_get(result, "environment"));

	if (!json_is_array(names))
		return !environment || strncmp(environment, "vm:", 3) != 0;
	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));

		if (name && strcmp(name, "user") == 0)
			return true;
	}
	return false;
}

/* A baseline has no prediction, but what it tells of the run (report/baseline.h). */
static uint64_t read_synchronised(const json_t *result)
{
	return json_is_true(json_object_get(result, "synchronised")) || result_was_synchronised(result);
}

static uint64_t read_at_most(const json_t *result)
{
	const json_t *own = json_object_get(result, "at_most");
	uint64_t at_most;

	return member_number(own ? own : result_at_most(result), &at_most) < 0 ? UNKNOWN : at_most;
}

static const char *what_is_missing(const json_t *result)
{
	const char *kernel = json_string_value(json_object_get(result, "kernel"));

	if (!json_object_get(json_object_get(result, "snapshots"), "before"))
		return "has no snapshot from before the first request";
	if (!kernel || kernel_version_parse(kernel) == 0)
		return "does not say which kernel it is of";
	if (!json_object_get(json_object_get(result, "host"), "page_bytes"))
		return "does not say how large a page is";
	return NULL;
}

static int fill(const json_t *result, struct facts *ret, struct err *err)
{
	const json_t *host = json_object_get(result, "host");
	int status =
		read_snapshot(json_object_get(json_object_get(result, "snapshots"), "before"), &ret->snapshot, err);

	if (status < 0)
		return status;
	if (member_copy(result, "kernel", ret->kernel, sizeof(ret->kernel)) < 0)
		return member_bad(err, "kernel");
	if (read_page_bytes(json_object_get(host, "page_bytes"), &ret->page_bytes) < 0)
		return member_bad(err, "host.page_bytes");
	if (read_cpus(json_object_get(host, "cpus_present"), &ret->cpus) < 0)
		return member_bad(err, "host.cpus_present");
	if (has_own_userns(result))
		ret->snapshot.process.cap_effective = 0;
	ret->synchronised = read_synchronised(result);
	ret->at_most = read_at_most(result);
	return 0;
}

int facts_from_json(const json_t *result, struct facts **ret, const char **ret_missing, struct err *err)
{
	int status;

	*ret = NULL;
	*ret_missing = what_is_missing(result);
	if (*ret_missing)
		return 0;
	*ret = calloc(1, sizeof(**ret));
	if (!*ret)
		return err_no_memory(err);
	status = fill(result, *ret, err);
	if (status < 0) {
		free(*ret);
		*ret = NULL;
	}
	return status;
}
