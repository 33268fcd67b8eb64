/* Snapshots as JSON: unlimited is null, what is not known is left out. */
#include <errno.h>
#include <stddef.h>

#include "cell/observation.h"

struct member {
	const char *name;
	size_t offset;
};

#define PROCESS(field)                                           \
	{                                                        \
#field, offsetof(struct process_snapshot, field) \
	}
#define MACHINE(field)                                           \
	{                                                        \
#field, offsetof(struct machine_snapshot, field) \
	}

static const struct member process_members[] = {
	PROCESS(map_count),
	PROCESS(vm_size_kib),
	PROCESS(vm_data_kib),
	PROCESS(vm_locked_kib),
	PROCESS(cap_effective),
	PROCESS(user_processes),
	{NULL, 0},
};

static const struct member machine_members[] = {
	MACHINE(mem_total_kib),
	MACHINE(mem_available_kib),
	MACHINE(swap_total_kib),
	MACHINE(commit_limit_kib),
	MACHINE(committed_as_kib),
	MACHINE(hugetlb_kib),
	MACHINE(max_map_count),
	MACHINE(overcommit_memory),
	MACHINE(overcommit_ratio),
	MACHINE(overcommit_kbytes),
	MACHINE(admin_reserve_kbytes),
	MACHINE(user_reserve_kbytes),
	MACHINE(mmap_min_addr),
	MACHINE(oom_kills),
	{NULL, 0},
};

static json_t *number_to_json(uint64_t value)
{
	/* Above what JSON's readers take, a limit limits nothing. */
	return value > INT64_MAX ? json_null() : json_integer((json_int_t)value);
}

static int number_from_json(const json_t *json, uint64_t *ret)
{
	if (json_is_null(json))
		*ret = UNLIMITED;
	else if (json_is_integer(json) && json_integer_value(json) >= 0)
		*ret = (uint64_t)json_integer_value(json);
	else
		return -EINVAL;
	return 0;
}

static json_t *members_to_json(const void *structure, const struct member *members)
{
	json_t *object = json_object();

	for (; members->name; members++) {
		uint64_t value = *(const uint64_t *)((const char *)structure + members->offset);

		if (value != UNKNOWN)
			json_object_set_new(object, members->name, number_to_json(value));
	}
	return object;
}

static int members_from_json(const json_t *json, const struct member *members, void *structure, struct err *err)
{
	if (!json_is_object(json))
		return err_set(err, EINVAL, "cannot read snapshot: it is no object");
	for (; members->name; members++) {
		const json_t *value = json_object_get(json, members->name);
		uint64_t *member = (uint64_t *)((char *)structure + members->offset);

		*member = UNKNOWN;
		if (value && number_from_json(value, member) < 0)
			return err_set(err, EINVAL, "cannot read snapshot: bad \"%s\"", members->name);
	}
	return 0;
}

static json_t *limits_to_json(const struct process_snapshot *process)
{
	json_t *object = json_object();

	for (int i = 0; i < LIMIT_COUNT; i++) {
		const struct limit *limit = &process->limits[i];

		json_object_set_new(object, limit_word((enum limit_name)i),
				    json_pack("{s:o, s:o}", "soft", number_to_json(limit->soft), "hard",
					      number_to_json(limit->hard)));
	}
	return object;
}

static int limits_from_json(const json_t *json, struct process_snapshot *ret, struct err *err)
{
	for (int i = 0; i < LIMIT_COUNT; i++) {
		const char *word = limit_word((enum limit_name)i);
		const json_t *limit = json_object_get(json, word);

		if (number_from_json(json_object_get(limit, "soft"), &ret->limits[i].soft) < 0 ||
		    number_from_json(json_object_get(limit, "hard"), &ret->limits[i].hard) < 0)
			return err_set(err, EINVAL, "cannot read snapshot: bad limit \"%s\"", word);
	}
	return 0;
}

static json_t *areas_to_json(const struct areas *areas)
{
	json_t *accounted = json_array();

	for (unsigned i = 0; i < areas->accounted_count && i < AREAS_ACCOUNTED_MOST; i++)
		json_array_append_new(accounted, json_integer((json_int_t)areas->accounted[i]));
	return json_pack("{s:I, s:I, s:I, s:i, s:i, s:o}", "accounted_pages", (json_int_t)areas->accounted_pages,
			 "largest_accounted_pages", (json_int_t)areas->largest_accounted_pages, "largest_gap_pages",
			 (json_int_t)areas->largest_gap_pages, "accounted_count", (int)areas->accounted_count,
			 "below_gap_count", (int)areas->below_gap_count, "accounted", accounted);
}

static int accounted_from_json(const json_t *list, struct areas *ret)
{
	size_t listed = json_array_size(list);

	if (!json_is_array(list) || listed > AREAS_ACCOUNTED_MOST || listed > ret->accounted_count)
		return -EINVAL;
	for (size_t i = 0; i < listed; i++) {
		if (number_from_json(json_array_get(list, i), &ret->accounted[i]) < 0)
			return -EINVAL;
	}
	return 0;
}

static int areas_from_json(const json_t *json, struct areas *ret, struct err *err)
{
	json_int_t accounted_count = json_integer_value(json_object_get(json, "accounted_count"));
	json_int_t below_gap_count = json_integer_value(json_object_get(json, "below_gap_count"));

	*ret = (struct areas){.known = json != NULL};
	if (!json)
		return 0;
	ret->accounted_count = (unsigned)accounted_count;
	ret->below_gap_count = (unsigned)below_gap_count;
	if (accounted_count < 0 || accounted_count > SNAPSHOT_AREAS_MOST || below_gap_count < 0 ||
	    below_gap_count > accounted_count ||
	    number_from_json(json_object_get(json, "accounted_pages"), &ret->accounted_pages) < 0 ||
	    number_from_json(json_object_get(json, "largest_accounted_pages"), &ret->largest_accounted_pages) < 0 ||
	    number_from_json(json_object_get(json, "largest_gap_pages"), &ret->largest_gap_pages) < 0 ||
	    accounted_from_json(json_object_get(json, "accounted"), ret) < 0)
		return err_set(err, EINVAL, "cannot read snapshot: bad \"areas\"");
	return 0;
}

json_t *machine_to_json(const struct machine_snapshot *machine)
{
	return members_to_json(machine, machine_members);
}

int machine_from_json(const json_t *json, struct machine_snapshot *ret, struct err *err)
{
	return members_from_json(json, machine_members, ret, err);
}

json_t *snapshot_to_json(const struct snapshot *snapshot)
{
	json_t *process = members_to_json(&snapshot->process, process_members);

	json_object_set_new(process, "limits", limits_to_json(&snapshot->process));
	if (snapshot->process.areas.known)
		json_object_set_new(process, "areas", areas_to_json(&snapshot->process.areas));
	return json_pack("{s:o, s:o}", "process", process, "machine", machine_to_json(&snapshot->machine));
}

int snapshot_from_json(const json_t *json, struct snapshot *ret, struct err *err)
{
	const json_t *process = json_object_get(json, "process");
	int status = members_from_json(process, process_members, &ret->process, err);

	if (status == 0 && (ret->process.map_count >= UNKNOWN || ret->process.vm_size_kib >= UNKNOWN))
		status = err_set(err, EINVAL, "cannot read snapshot: no map_count or vm_size_kib");
	if (status == 0)
		status = limits_from_json(json_object_get(process, "limits"), &ret->process, err);
	if (status == 0)
		status = areas_from_json(json_object_get(process, "areas"), &ret->process.areas, err);
	if (status == 0)
		status = machine_from_json(json_object_get(json, "machine"), &ret->machine, err);
	return status;
}
