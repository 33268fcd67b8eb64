#include "report/baseline.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/common.h"
#include "report/result_json.h"
#include "verdict/verdict.h"

/* Adding NULL is what a lack of memory looks like to jansson: noted, so that one question at the end is enough. */
static void put(json_t *object, const char *name, json_t *value, bool *failed)
{
	*failed |= json_object_set_new(object, name, value) < 0;
}

/* Those of the members that are there, as they are. */
static void copy(const json_t *from, const char *const *names, json_t *to, bool *failed)
{
	for (; *names; names++) {
		json_t *value = json_object_get(from, *names);

		if (value)
			*failed |= json_object_set(to, *names, value) < 0;
	}
}

static json_t *part(const json_t *from, const char *const *names, bool *failed)
{
	json_t *object;

	if (!json_is_object(from))
		return json_null();
	object = json_object();
	copy(from, names, object, failed);
	return object;
}

static bool is_by_chance(const json_t *result)
{
	const char *check = json_string_value(json_object_get(json_object_get(result, "cause"), "check"));

	return check && strcmp(check, BASELINE_BY_CHANCE) == 0;
}

static json_t *refusal_of(const json_t *result, bool *failed)
{
	static const char *const names[] = {"accepted", "unit", "call", "errno", "api_errno", "end", NULL};
	json_t *object = part(json_object_get(result, "refusal"), names, failed);

	if (!json_is_object(object) || !is_by_chance(result))
		return object;
	put(object, "accepted", json_null(), failed);
	put(object, "bounded_by", json_string(BASELINE_BY_CHANCE), failed);
	return object;
}

/* "limit as", "knob vm.max_map_count", "pages" */
static void push_name(const json_t *push, char *buffer, size_t size)
{
	const char *kind = json_string_value(json_object_get(push, "kind"));
	const char *of = json_string_value(json_object_get(push, "resource"));

	if (!of)
		of = json_string_value(json_object_get(push, "knob"));
	snprintf(buffer, size, "%s%s%s", kind ? kind : "", of ? " " : "", of ? of : "");
}

/* What a request without a charge then reaches is the largest hole: only whether it got any further is no chance. */
static json_t *push_value(const json_t *push, bool by_chance)
{
	json_t *error = json_object_get(push, "error"), *more = json_object_get(push, "more");
	const char *kind = json_string_value(json_object_get(push, "kind"));

	if (error)
		return json_incref(error);
	if (by_chance || (kind && strcmp(kind, "exempt") == 0))
		return json_boolean(json_integer_value(more) > 0);
	return more ? json_incref(more) : json_null();
}

static json_t *pushes_of(const json_t *result, bool *failed)
{
	const json_t *pushes = json_object_get(result, "pushes");
	json_t *object = json_object();
	char name[96];

	for (size_t i = 0; i < json_array_size(pushes); i++) {
		const json_t *push = json_array_get(pushes, i);

		push_name(push, name, sizeof(name));
		put(object, name, push_value(push, is_by_chance(result)), failed);
	}
	return object;
}

/* Whether capabilities count: the other namespaces are nothing to the checks. */
static json_t *isolation_of(const json_t *result, bool *failed)
{
	const json_t *names = json_object_get(json_object_get(result, "isolation"), "namespaces");
	json_t *list = json_array(), *object = json_object();

	for (size_t i = 0; i < json_array_size(names); i++) {
		json_t *name = json_array_get(names, i);

		if (json_is_string(name) && strcmp(json_string_value(name), "user") == 0)
			*failed |= json_array_append(list, name) < 0;
	}
	put(object, "namespaces", list, failed);
	return object;
}

/* Rounded down to a power of two, so that the model knows of a hole, but not where chance put it. */
static void round_gap(json_t *areas, bool *failed)
{
	json_int_t gap = json_integer_value(json_object_get(areas, "largest_gap_pages")), rounded = 1;

	if (gap <= 0)
		return;
	while (rounded <= gap / 2)
		rounded *= 2;
	put(areas, "largest_gap_pages", json_integer(rounded), failed);
}

static json_t *process_of(const json_t *process, bool *failed)
{
	static const char *const names[] = {"map_count",     "vm_size_kib",    "vm_data_kib", "vm_locked_kib",
					    "cap_effective", "user_processes", "limits",      NULL};
	static const char *const known[] = {"accounted_pages",
					    "largest_accounted_pages",
					    "largest_gap_pages",
					    "accounted_count",
					    "below_gap_count",
					    "accounted",
					    NULL};
	json_t *object = part(process, names, failed);
	json_t *areas = part(json_object_get(process, "areas"), known, failed);

	if (!json_is_object(areas)) {
		json_decref(areas);
		return object;
	}
	round_gap(areas, failed);
	put(object, "areas", areas, failed);
	return object;
}

/*
 * Other programs' Committed_AS and the reserves, which the kernel makes at boot of what is free then, decide in mode 2
 * only; what is available and what was killed before, never.
 */
static json_t *machine_of(const json_t *machine, bool *failed)
{
	static const char *const names[] = {
		"mem_total_kib",     "swap_total_kib",   "commit_limit_kib",  "hugetlb_kib",   "max_map_count",
		"overcommit_memory", "overcommit_ratio", "overcommit_kbytes", "mmap_min_addr", NULL};
	static const char *const mode_2[] = {"committed_as_kib", "admin_reserve_kbytes", "user_reserve_kbytes", NULL};
	json_t *object = part(machine, names, failed);

	if (json_integer_value(json_object_get(machine, "overcommit_memory")) == 2)
		copy(machine, mode_2, object, failed);
	return object;
}

static json_t *snapshots_of(const json_t *result, bool *failed)
{
	const json_t *before = json_object_get(json_object_get(result, "snapshots"), "before");

	if (!before)
		return json_null();
	return json_pack("{s:{s:o, s:o}}", "before", "process", process_of(json_object_get(before, "process"), failed),
			 "machine", machine_of(json_object_get(before, "machine"), failed));
}

static bool is_mode_2(const json_t *result)
{
	const json_t *before = json_object_get(json_object_get(result, "snapshots"), "before");

	return json_integer_value(json_object_get(json_object_get(before, "machine"), "overcommit_memory")) == 2;
}

/* What the prediction tells of the run besides itself (compare/facts.h): it needs no place of its own. */
static void put_run(json_t *cell, const json_t *result, bool *failed)
{
	if (is_mode_2(result) && result_was_synchronised(result))
		put(cell, "synchronised", json_true(), failed);
	if (result_at_most(result))
		*failed |= json_object_set(cell, "at_most", result_at_most(result)) < 0;
}

static void put_place(json_t *cell, const json_t *result, bool *failed)
{
	static const char *const names[] = {"environment", "kernel", NULL};
	static const char *const host[] = {"page_bytes", "cpus_present", NULL};

	copy(result, names, cell, failed);
	put(cell, "isolation", isolation_of(result, failed), failed);
	put(cell, "host", part(json_object_get(result, "host"), host, failed), failed);
	put(cell, "snapshots", snapshots_of(result, failed), failed);
}

json_t *baseline_cell(const json_t *result)
{
	static const char *const key[] = {"scenario", "parameters", "configuration", "settings", NULL};
	static const char *const cause[] = {"check", "function", NULL};
	static const char *const witness[] = {"function", NULL};
	static const char *const others[] = {"left", "evidence", "verdict", NULL};
	const json_t *witnessed = json_object_get(result, "witness");
	json_t *cell = json_object();
	bool failed = !cell;

	copy(result, key, cell, &failed);
	if (json_integer_value(json_object_get(result, "repeat")) > 1)
		failed |= json_object_set(cell, "repeat", json_object_get(result, "repeat")) < 0;
	put(cell, "refusal", refusal_of(result, &failed), &failed);
	put(cell, "cause", part(json_object_get(result, "cause"), cause, &failed), &failed);
	if (json_is_string(json_object_get(witnessed, "function")))
		put(cell, "witness", part(witnessed, witness, &failed), &failed);
	copy(result, others, cell, &failed);
	put(cell, "pushes", pushes_of(result, &failed), &failed);
	put_run(cell, result, &failed);
	put_place(cell, result, &failed);
	if (!failed)
		return cell;
	json_decref(cell);
	return NULL;
}

const char *baseline_unfit(const json_t *result)
{
	const char *verdict = json_string_value(json_object_get(result, "verdict"));

	if (!verdict || strcmp(verdict, verdict_word(VERDICT_BROKEN)) == 0)
		return "BROKEN";
	if (strcmp(verdict, verdict_word(VERDICT_TIMEOUT)) == 0)
		return "TIMEOUT";
	if (strcmp(verdict, verdict_word(VERDICT_EXACT)) == 0 &&
	    json_integer_value(json_object_get(result, "difference")) != 0)
		return "moved by what other programs committed meanwhile";
	return NULL;
}
