#include "compare/facts.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "model/version.h"

enum fact_kind {
	FACT_NUMBER, /* one uint64_t at `offset` */
	FACT_KERNEL,
	FACT_MODE,         /* vm.overcommit_memory: whether the counter was folded goes with it */
	FACT_SYNCHRONISED, /* by itself only between two cells of mode 2 */
	FACT_LIMIT,        /* a struct limit at `offset` */
	FACT_MASK,
	FACT_ACCOUNTED, /* the VMAs that fork charges */
	FACT_COMMIT_LIMIT,
	FACT_COMMITTED, /* of other programs; UNKNOWN in baselines but for mode 2 */
	FACT_GAP,       /* in baselines rounded down to a power of two */
	FACT_END,       /* UNKNOWN: nothing but a refusal ends it */
};

struct fact {
	const char *name;  /* for programs */
	const char *label; /* for people */
	const char *unit;  /* after the values, with its space */
	size_t offset;
	enum fact_kind kind;
};

#define MACHINE(member) offsetof(struct facts, snapshot.machine.member)
#define PROCESS(member) offsetof(struct facts, snapshot.process.member)
#define LIMIT(index) (PROCESS(limits) + (index) * sizeof(struct limit))

static const struct fact facts_known[] = {
	{"vm.max_map_count", "vm.max_map_count", "", MACHINE(max_map_count), FACT_NUMBER},
	{"vm.overcommit_memory", "vm.overcommit_memory", "", MACHINE(overcommit_memory), FACT_MODE},
	{"vm.overcommit_ratio", "vm.overcommit_ratio", "", MACHINE(overcommit_ratio), FACT_NUMBER},
	{"vm.overcommit_kbytes", "vm.overcommit_kbytes", "", MACHINE(overcommit_kbytes), FACT_NUMBER},
	{"vm.admin_reserve_kbytes", "vm.admin_reserve_kbytes", "", MACHINE(admin_reserve_kbytes), FACT_NUMBER},
	{"vm.user_reserve_kbytes", "vm.user_reserve_kbytes", "", MACHINE(user_reserve_kbytes), FACT_NUMBER},
	{"vm.mmap_min_addr", "vm.mmap_min_addr", "", MACHINE(mmap_min_addr), FACT_NUMBER},
	{"rlimit.as", "rlimit.as", " bytes", LIMIT(LIMIT_AS), FACT_LIMIT},
	{"rlimit.data", "rlimit.data", " bytes", LIMIT(LIMIT_DATA), FACT_LIMIT},
	{"rlimit.stack", "rlimit.stack", " bytes", LIMIT(LIMIT_STACK), FACT_LIMIT},
	{"rlimit.memlock", "rlimit.memlock", " bytes", LIMIT(LIMIT_MEMLOCK), FACT_LIMIT},
	{"rlimit.nproc", "rlimit.nproc", "", LIMIT(LIMIT_NPROC), FACT_LIMIT},
	{"cap_effective", "effective capabilities", "", PROCESS(cap_effective), FACT_MASK},
	{"kernel", "the kernel's version", "", 0, FACT_KERNEL},
	{"mem_total_kib", "RAM", " KiB", MACHINE(mem_total_kib), FACT_NUMBER},
	{"swap_total_kib", "swap", " KiB", MACHINE(swap_total_kib), FACT_NUMBER},
	{"hugetlb_kib", "huge pages", " KiB", MACHINE(hugetlb_kib), FACT_NUMBER},
	{"page_bytes", "the page size", " bytes", offsetof(struct facts, page_bytes), FACT_NUMBER},
	{"cpus_present", "CPUs", "", offsetof(struct facts, cpus), FACT_NUMBER},
	{"commit_limit_kib", "CommitLimit", " KiB", MACHINE(commit_limit_kib), FACT_COMMIT_LIMIT},
	{"committed_as_kib", "Committed_AS", " KiB", MACHINE(committed_as_kib), FACT_COMMITTED},
	{"start.map_count", "start map count", "", PROCESS(map_count), FACT_NUMBER},
	{"start.vm_size_kib", "start size", " KiB", PROCESS(vm_size_kib), FACT_NUMBER},
	{"start.vm_data_kib", "start data", " KiB", PROCESS(vm_data_kib), FACT_NUMBER},
	{"start.vm_locked_kib", "start locked", " KiB", PROCESS(vm_locked_kib), FACT_NUMBER},
	{"start.accounted_pages", "start charged to fork", " pages", PROCESS(areas.accounted_pages), FACT_ACCOUNTED},
	{"start.largest_gap_pages", "start largest hole", " pages", PROCESS(areas.largest_gap_pages), FACT_GAP},
	{"start.user_processes", "the user's processes", "", PROCESS(user_processes), FACT_NUMBER},
	{"synchronised", "commit counter folded", "", offsetof(struct facts, synchronised), FACT_SYNCHRONISED},
	{"at_most", "the end of the run", "", offsetof(struct facts, at_most), FACT_END},
};

unsigned facts_count(void)
{
	return sizeof(facts_known) / sizeof(*facts_known);
}

const char *fact_name(unsigned fact)
{
	return facts_known[fact].name;
}

const char *fact_label(unsigned fact)
{
	return facts_known[fact].label;
}

static uint64_t number_of(unsigned fact, const struct facts *facts)
{
	return *(const uint64_t *)((const char *)facts + facts_known[fact].offset);
}

/* The rules of the model differ by version, not by release. */
static void version_text(const struct facts *facts, char *buffer, size_t size)
{
	int version = kernel_version_parse(facts->kernel);

	snprintf(buffer, size, "%d.%d", version / 1000, version % 1000);
}

static void value_text(unsigned fact, const struct facts *facts, char *buffer, size_t size)
{
	uint64_t number;

	if (facts_known[fact].kind == FACT_KERNEL) {
		version_text(facts, buffer, size);
		return;
	}
	number = number_of(fact, facts);
	if (number == UNKNOWN && facts_known[fact].kind == FACT_END)
		snprintf(buffer, size, "open");
	else if (number >= UNKNOWN)
		snprintf(buffer, size, "%s", number == UNLIMITED ? "unlimited" : "unknown");
	else if (facts_known[fact].kind == FACT_MASK)
		snprintf(buffer, size, "0x%" PRIx64, number);
	else
		snprintf(buffer, size, "%" PRIu64, number);
}

void fact_change_text(unsigned fact, const struct facts *before, const struct facts *after, char *buffer, size_t size)
{
	char from[32], to[32];

	value_text(fact, before, from, sizeof(from));
	value_text(fact, after, to, sizeof(to));
	snprintf(buffer, size, "%s %s -> %s%s", facts_known[fact].label, from, to, facts_known[fact].unit);
}

json_t *fact_value_to_json(unsigned fact, const struct facts *facts)
{
	enum fact_kind kind = facts_known[fact].kind;
	char text[32];

	if (kind == FACT_KERNEL || kind == FACT_MASK) {
		value_text(fact, facts, text, sizeof(text));
		return json_string(text);
	}
	if (number_of(fact, facts) > INT64_MAX)
		return json_null();
	return json_integer((json_int_t)number_of(fact, facts));
}

/* They differ in layout, too, not only in their sum. */
static bool accounted_differ(const struct areas *before, const struct areas *after)
{
	return before->accounted_pages != after->accounted_pages ||
	       before->largest_accounted_pages != after->largest_accounted_pages ||
	       before->accounted_count != after->accounted_count || before->below_gap_count != after->below_gap_count ||
	       memcmp(before->accounted, after->accounted, sizeof(before->accounted)) != 0;
}

static bool is_power_of_two(uint64_t number)
{
	return (number & (number - 1)) == 0;
}

static uint64_t power_below(uint64_t number)
{
	while (!is_power_of_two(number))
		number &= number - 1;
	return number;
}

/* Where layout is random, one that is a power of two by chance does not come. */
static bool gaps_differ(uint64_t before, uint64_t after)
{
	if (is_power_of_two(before) || is_power_of_two(after))
		return power_below(before) != power_below(after);
	return before != after;
}

bool fact_differs(unsigned fact, const struct facts *before, const struct facts *after)
{
	switch (facts_known[fact].kind) {
	case FACT_KERNEL: return kernel_version_parse(before->kernel) != kernel_version_parse(after->kernel);
	case FACT_ACCOUNTED: return accounted_differ(&before->snapshot.process.areas, &after->snapshot.process.areas);
	case FACT_SYNCHRONISED:
		return before->synchronised != after->synchronised && before->snapshot.machine.overcommit_memory == 2 &&
		       after->snapshot.machine.overcommit_memory == 2;
	case FACT_COMMITTED:
		return number_of(fact, before) != number_of(fact, after) && number_of(fact, before) != UNKNOWN &&
		       number_of(fact, after) != UNKNOWN;
	case FACT_GAP: return gaps_differ(number_of(fact, before), number_of(fact, after));
	default: return number_of(fact, before) != number_of(fact, after);
	}
}

/* What goes with the mode: what only mode 2 reads, and what a baseline has of that mode only. */
static void exchange_mode(const struct facts *from, struct facts *to)
{
	to->synchronised = from->synchronised;
	if (to->snapshot.machine.committed_as_kib == UNKNOWN)
		to->snapshot.machine.committed_as_kib = from->snapshot.machine.committed_as_kib;
}

void fact_exchange(unsigned fact, const struct facts *from, struct facts *to)
{
	uint64_t gap = to->snapshot.process.areas.largest_gap_pages;
	size_t offset = facts_known[fact].offset;

	switch (facts_known[fact].kind) {
	case FACT_KERNEL: memcpy(to->kernel, from->kernel, sizeof(to->kernel)); break;
	case FACT_LIMIT: memcpy((char *)to + offset, (const char *)from + offset, sizeof(struct limit)); break;
	case FACT_ACCOUNTED:
		to->snapshot.process.areas = from->snapshot.process.areas;
		to->snapshot.process.areas.largest_gap_pages = gap;
		break;
	case FACT_MODE: exchange_mode(from, to); __attribute__((fallthrough));
	default: memcpy((char *)to + offset, (const char *)from + offset, sizeof(uint64_t)); break;
	}
}

uint64_t facts_commit_limit_kib(const struct facts *facts)
{
	const struct machine_snapshot *machine = &facts->snapshot.machine;
	uint64_t page = facts->page_bytes, pages;

	if (machine->overcommit_kbytes)
		pages = machine->overcommit_kbytes * 1024 / page;
	else
		pages = (machine->mem_total_kib - machine->hugetlb_kib) * 1024 / page * machine->overcommit_ratio / 100;
	pages += machine->swap_total_kib * 1024 / page;
	return pages * page / 1024;
}

bool facts_commit_limit_follows(const struct facts *facts)
{
	const struct machine_snapshot *machine = &facts->snapshot.machine;

	return machine->overcommit_kbytes < UNKNOWN && machine->overcommit_ratio < UNKNOWN &&
	       machine->mem_total_kib < UNKNOWN && machine->hugetlb_kib < UNKNOWN &&
	       machine->swap_total_kib < UNKNOWN && machine->commit_limit_kib == facts_commit_limit_kib(facts);
}

static bool is_among(unsigned fact, const char *const *names)
{
	for (; *names; names++) {
		if (strcmp(facts_known[fact].name, *names) == 0)
			return true;
	}
	return false;
}

bool fact_is_size(unsigned fact)
{
	static const char *const sizes[] = {"mem_total_kib",         "commit_limit_kib",        "committed_as_kib",
					    "start.vm_size_kib",     "start.vm_data_kib",       "start.vm_locked_kib",
					    "start.accounted_pages", "start.largest_gap_pages", NULL};

	return is_among(fact, sizes);
}

bool fact_is_sized_knob(unsigned fact)
{
	/* mm/util.c init_user_reserve() and init_admin_reserve(), kernel/fork.c set_max_threads(), all versions. */
	static const char *const knobs[] = {"vm.admin_reserve_kbytes", "vm.user_reserve_kbytes", "rlimit.nproc", NULL};

	return is_among(fact, knobs);
}

bool fact_is_commit_limit(unsigned fact)
{
	return facts_known[fact].kind == FACT_COMMIT_LIMIT;
}
