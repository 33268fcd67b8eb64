/*
 * Observations: whatever an agent says of a cell, there is a verdict and a result. The first byte
 * chooses the cell and the kernel.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/proof.h"
#include "report/result_json.h"

static const struct {
	const char *name, *operation[3];
	bool is_size, limit_at_exec;
} kinds[] = {
	{"many-mmaps", {"mmap pages=2 protection=write"}, false, false},
	{"mprotect-splits", {"mprotect pages=1 from=none to=read splits=2"}, false, false},
	{"oversized-mmap", {"mmap pages=$size protection=write"}, true, false},
	{"big-fork",
	 {"mmap pages=$size plus=4", "mprotect pages=$size areas=4 from=none to=write pieces=yes", "fork"},
	 true,
	 false},
	{"ulimit-v", {"mmap pages=1 placement=chosen merges=yes"}, false, true},
	{"mremap-at-limit",
	 {"mremap moves=yes pages=1 old=1", "munmap pages=2", "mmap pages=1 placement=chosen"},
	 false,
	 false},
	{"madvise-at-limit", {"madvise pages=1 splits=2"}, false, false},
	{"fixed-map-hole",
	 {"mmap pages=$size protection=none", "mmap pages=$size protection=write over=yes"},
	 true,
	 false},
};

static const char *const kernels[] = {"5.10.0", "6.1.0", "6.18.44", "7.2.13", ""};

static void make_operation(const char *const lines[3], struct cell *cell)
{
	struct err err;

	for (unsigned i = 0; i < 3 && lines[i]; i++) {
		if (request_parse(lines[i], &cell->operation.requests[i], &err) < 0)
			abort();
		cell->operation.count = i + 1;
	}
}

static struct specification specification_for(bool limit_at_exec)
{
	return (struct specification){.at_most = 100000,
				      .timeout_ms = 1000,
				      .limits = {{.resource = LIMIT_AS, .at_exec = limit_at_exec, .bytes = 524288}},
				      .limit_count = limit_at_exec,
				      .pushes = {{PUSH_LIMIT, LIMIT_AS, 28672, ""},
						 {PUSH_LIMIT, LIMIT_DATA, 28672, ""},
						 {PUSH_LIMIT, LIMIT_NPROC, 7, ""},
						 {PUSH_PAGES, LIMIT_AS, 7, ""},
						 {PUSH_COMMIT, LIMIT_AS, 7, ""},
						 {PUSH_MAPS, LIMIT_AS, 7, ""},
						 {PUSH_KNOB, LIMIT_AS, 7, "vm.max_map_count"},
						 {PUSH_KNOB, LIMIT_AS, 7, "cgroup.pids.max"},
						 {PUSH_KNOB, LIMIT_AS, 28, "vm.overcommit_kbytes"},
						 {PUSH_EXEMPT, LIMIT_AS, 0, ""}},
				      .push_count = 10};
}

static void judge(struct result *result)
{
	char text[512];
	json_t *json;

	result->verdict =
		verdict_of(result->cell, &result->specification, &result->observation, &result->run->host.facts, false);
	if (result->verdict.word >= VERDICT_WORDS ||
	    !memchr(result->verdict.reason, '\0', sizeof(result->verdict.reason)))
		abort();
	if (result->verdict.word == VERDICT_EXACT && !result->verdict.expected)
		abort();
	proof_text(text, sizeof(text), result);
	json = result_to_json(result);
	if (!json)
		abort();
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t kind = size ? data[0] % 8 % (sizeof(kinds) / sizeof(*kinds)) : 0;
	size_t kernel = size ? data[0] / 8 % (sizeof(kernels) / sizeof(*kernels)) : 0;
	json_t *json = size ? json_loadb((const char *)data + 1, size - 1, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	struct scenario scenario = {.name = kinds[kind].name, .fix_name = "vfork", .is_size = kinds[kind].is_size};
	static struct run_facts facts;
	/* Its pids.max bounds the forks of every other kind. */
	struct configuration configuration = {
		.name = "fuzzed", .settings = {{.knob = knob_of(KNOB_PIDS_MAX), .value = 1}}, .count = kind % 2};
	struct cell cell = {.scenario = &scenario, .configuration = &configuration};
	struct result result = {.run = &facts, .cell = &cell, .repeat = 1};
	struct err err = {0};

	facts.host.facts.page_bytes = 4096;
	facts.host.facts.cpus_present = 2;
	strcpy(facts.host.facts.kernel, kernels[kernel]);
	make_operation(kinds[kind].operation, &cell);
	result.specification = specification_for(kinds[kind].limit_at_exec);
	if (json && observation_from_json(json, &result.observation, &err) == 0)
		judge(&result);
	json_decref(json);
	return 0;
}
