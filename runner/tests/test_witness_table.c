/*
 * The table from checks to functions: complete for every check of the model, and right for every captured trace.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/traces.h"
#include "model/check.h"
#include "verdict/testimony.h"
#include "witness/table.h"

static const kernel_version versions[] = {KERNEL(5, 10), KERNEL(5, 15), KERNEL(6, 1),  KERNEL(6, 6),  KERNEL(6, 12),
					  KERNEL(6, 14), KERNEL(6, 16), KERNEL(6, 17), KERNEL(6, 18), KERNEL(6, 19),
					  KERNEL(7, 0),  KERNEL(7, 1),  KERNEL(7, 2),  KERNEL(7, 3)};
#define VERSIONS (sizeof(versions) / sizeof(*versions))

/* Whether some row of the call stands for the check. */
static bool stands(kernel_version version, const char *call, const char *check)
{
	const struct witness_site *sites[WITNESS_SITES_MOST];
	unsigned count = witness_sites(version, call, sites, WITNESS_SITES_MOST);

	cr_assert(count < WITNESS_SITES_MOST, "%s: rows are cut off", call);
	for (unsigned i = 0; i < count; i++) {
		if (witness_site_of(version, call, sites[i]->function, check))
			return true;
	}
	return false;
}

static void expect_all(kernel_version version, enum request_call call, const struct check *const *checks)
{
	const char *name = request_call_name(call);

	for (; checks && *checks; checks++) {
		if (check_holds(*checks, version))
			cr_expect(stands(version, name, (*checks)->name), "%d: %s by %s", version, name,
				  (*checks)->name);
	}
}

Test(witness_table, every_check_has_a_function)
{
	for (size_t i = 0; i < VERSIONS; i++) {
		for (int call = 0; call < REQUEST_CALLS; call++) {
			expect_all(versions[i], (enum request_call)call, checks_of((enum request_call)call));
			expect_all(versions[i], (enum request_call)call, split_checks_of((enum request_call)call));
		}
	}
}

/* And no row names a check that there is not. */
Test(witness_table, every_name_is_a_check)
{
	for (int call = 0; call < REQUEST_CALLS; call++) {
		const struct witness_site *sites[WITNESS_SITES_MOST];
		unsigned count = witness_sites(KERNEL(6, 18), request_call_name((enum request_call)call), sites,
					       WITNESS_SITES_MOST);

		for (unsigned i = 0; i < count; i++) {
			char words[128], *rest = words;
			const char *word;

			strcpy(words, sites[i]->checks);
			while ((word = strsep(&rest, " ")))
				cr_expect(check_find(word) != NULL || *word == 0, "%s", word);
		}
	}
}

/* All functions of a call can be traced at once. */
Test(witness_table, few_functions_for_each_call)
{
	for (size_t i = 0; i < VERSIONS; i++) {
		for (int call = 0; call < REQUEST_CALLS; call++) {
			struct captured_trace trace = {.version = versions[i], .text = "", .length = 0};
			struct witness witness;

			strcpy(trace.call, request_call_name((enum request_call)call));
			trace_witness(&trace, &witness);
			cr_expect(witness.probed_count < WITNESS_PROBED_MOST, "%d: %s", versions[i], trace.call);
		}
	}
}

/* What each captured trace shows is what the table says of the check that refused. */
Test(witness_table, captured_traces)
{
	static struct captured_trace traces[TRACES_MOST];
	static struct witness witness;

	for (int kernel = 0; kernel < TRACE_KERNELS; kernel++) {
		unsigned count = traces_load(trace_kernels[kernel], traces, TRACES_MOST);

		cr_expect(count >= 38);
		for (unsigned i = 0; i < count; i++) {
			const struct captured_trace *trace = &traces[i];
			int origin;

			trace_witness(trace, &witness);
			origin = testimony_origin(&witness, trace->version, trace->call);
			cr_expect(witness_site_of(trace->version, trace->call,
						  origin < 0 ? NULL : witness.chain[origin].function,
						  trace->check) != NULL,
				  "%s: %s by %s", trace_kernels[kernel], trace->call, trace->check);
			free(trace->text);
		}
	}
}

Test(witness_table, versions)
{
	cr_expect(witness_site_of(KERNEL(5, 10), "mmap", "mmap_region", "rlimit-as")->how != NULL);
	cr_expect(witness_site_of(KERNEL(6, 1), "mmap", "mmap_region", "rlimit-as") == NULL);
	cr_expect(witness_site_of(KERNEL(6, 1), "mmap", "may_expand_vm", "rlimit-as")->how == NULL);
	cr_expect(witness_site_of(KERNEL(7, 1), "mremap", "do_mremap", "map-count-mremap") != NULL);
	cr_expect(witness_site_of(KERNEL(7, 0), "mremap", "move_vma", "map-count-mremap-move") != NULL);
	/* A kernel older than those that were read is taken for the oldest. */
	cr_expect(witness_site_of(KERNEL(4, 19), "mmap", "do_mmap", "map-count") != NULL);
}

/* A name that is the beginning of another is not that one. */
Test(witness_table, whole_names_only)
{
	cr_expect(witness_site_of(KERNEL(6, 18), "fork", "__vm_enough_memory", "commit-limit-fork") != NULL);
	cr_expect(witness_site_of(KERNEL(6, 18), "fork", "__vm_enough_memory", "commit-limit") == NULL);
	cr_expect(witness_site_of(KERNEL(6, 18), "mmap", "__vm_enough_memory", "map-count") == NULL);
	cr_expect(witness_site_of(KERNEL(6, 18), "mmap", "__vm_enough_memory", "") == NULL);
	cr_expect(witness_site_of(KERNEL(6, 18), "open", "do_mmap", "map-count") == NULL);
}
