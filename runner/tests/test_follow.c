/*
 * Which moves between guests follow sizes, and which are changes.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/baselines.h"

static struct catalogue catalogue;
static struct comparison_set comparison;
static json_t *one, *other;

/* Two guests, of which the second has 1024 KiB, so 256 pages, less. */
static void load(void)
{
	fixture_catalogue(&catalogue);
	one = result_of_cell("oversized-mmap-6.18");
	result_set(one, "environment", json_string("vm:debian:6.18"));
	other = json_deep_copy(one);
	result_set(other, "environment", json_string("vm:debian:6.19"));
}

static void release(void)
{
	comparison_free(&comparison);
	catalogue_free(&catalogue);
}

TestSuite(follow, .init = load, .fini = release);

static json_t *member_at(json_t *member, const char *path)
{
	char name[128];

	for (const char *at = path; at; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, "."), at);
		member = json_object_get(member, name);
	}
	cr_assert(eq(int, json_is_integer(member), true), "%s", path);
	return member;
}

static void add(json_t *result, const char *path, json_int_t more)
{
	result_set(result, path, json_integer(json_integer_value(member_at(result, path)) + more));
}

static void less_ram(json_int_t pages_less)
{
	add(other, "snapshots.before.machine.mem_total_kib", -1024);
	add(other, "refusal.accepted", -pages_less);
}

/* How many pairs moved, and how many followed; *ret_text is to be freed. */
static void expect(size_t moved, size_t followed, const char *part)
{
	char *text;

	results_add(&comparison.before, json_incref(one));
	results_add(&comparison.after, json_incref(other));
	text = comparison_text(&comparison, &catalogue);
	cr_expect(eq(sz, comparison.moved, moved), "%s", text);
	cr_expect(eq(sz, comparison.followed, followed), "%s", text);
	cr_expect(ne(ptr, strstr(text, part), NULL), "%s", text);
	free(text);
	json_decref(one);
	json_decref(other);
}

Test(follow, ram)
{
	less_ram(256);
	expect(0, 1,
	       "1 refusal follows RAM: oversized-mmap x1\n1 pair: 0 unchanged, 0 moved or changed, 1 moved with "
	       "sizes only\n");
}

Test(follow, one_page_off)
{
	less_ram(257);
	expect(1, 0, "NOT explained");
}

/* On other machines RAM is part of what is compared. */
Test(follow, not_in_namespaces)
{
	less_ram(256);
	result_set(other, "environment", json_string("ns"));
	expect(1, 0, "explained by RAM");
}

Test(follow, another_verdict)
{
	less_ram(256);
	result_set(other, "verdict", json_string("OFF"));
	expect(1, 0, "verdict EXACT -> OFF");
}

Test(follow, another_errno)
{
	less_ram(256);
	result_set(other, "refusal.api_errno", json_string("EAGAIN"));
	expect(1, 0, "api_errno ENOMEM -> EAGAIN");
}

/* The number of maps at the start is the kernel's doing. */
Test(follow, map_count)
{
	json_decref(one);
	json_decref(other);
	one = result_of_cell("many-mmaps-6.18");
	result_set(one, "environment", json_string("vm:debian:6.18"));
	other = json_deep_copy(one);
	add(other, "snapshots.before.process.map_count", 1);
	add(other, "refusal.accepted", -1);
	expect(1, 0, "explained by start map count");
}

Test(follow, sysctl)
{
	json_decref(one);
	json_decref(other);
	one = result_of_cell("many-mmaps-6.18");
	result_set(one, "environment", json_string("vm:debian:6.18"));
	other = json_deep_copy(one);
	result_set(other, "snapshots.before.machine.max_map_count", json_integer(65531));
	add(other, "refusal.accepted", 1);
	expect(1, 0, "explained by vm.max_map_count");
}

/* Another build of the program starts larger. */
Test(follow, start_size)
{
	char limit[32];

	json_decref(one);
	json_decref(other);
	one = result_of_cell("ulimit-v-exec-6.18");
	result_set(one, "environment", json_string("vm:debian:6.18"));
	/* Not relative to the size at the start. */
	snprintf(limit, sizeof(limit), "%lld",
		 json_integer_value(member_at(one, "snapshots.before.process.limits.as.soft")));
	result_set(one, "parameters.limit", json_string(limit));
	other = json_deep_copy(one);
	add(other, "snapshots.before.process.vm_size_kib", 8);
	add(other, "refusal.accepted", -2);
	expect(0, 1, "follows start size: ulimit-v x1");
}

static void mode_2(bool is_set)
{
	json_decref(one);
	json_decref(other);
	one = result_of_cell("oversized-mmap-mode-2-exact");
	result_set(one, "environment", json_string("vm:debian:6.18"));
	result_set(one, "settings", is_set ? json_pack("{s:i}", "vm.user_reserve_kbytes", 8) : json_object());
	result_set(one, "snapshots.before.machine.user_reserve_kbytes", json_integer(8));
	other = json_deep_copy(one);
	result_set(other, "snapshots.before.machine.user_reserve_kbytes", json_integer(4));
	add(other, "refusal.accepted", 1);
}

/* The kernel makes the reserve as large as RAM allows, unless somebody sets it. */
Test(follow, reserve_by_the_kernel)
{
	mode_2(false);
	expect(0, 1, "follows vm.user_reserve_kbytes");
}

Test(follow, reserve_that_is_set)
{
	mode_2(true);
	expect(1, 0, "explained by vm.user_reserve_kbytes");
}

/* Where a check stands in the kernel is not what it does: listed when asked for, and no change. */
Test(follow, functions)
{
	comparison.lists_functions = true;
	result_set(one, "witness", json_pack("{s:s}", "function", "old"));
	result_set(other, "witness", json_pack("{s:s}", "function", "new"));
	result_set(other, "cause.function", json_string("moved_here"));
	expect(0, 0,
	       "check stands in __vm_enough_memory -> moved_here: oversized-mmap x1\n"
	       "witness old -> new: oversized-mmap x1\n1 pair: 1 unchanged");
}
