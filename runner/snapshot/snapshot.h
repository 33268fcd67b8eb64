/*
 * Snapshots: the numbers of one process and of its machine at one moment, as the kernel shows them.
 *
 * Every reader takes the directory that stands for "/" as an open descriptor, so a captured
 * host (a directory tree with proc/, sys/ and etc/) is read by the same code as the live one.
 * Nothing here judges; runner/model does.
 *
 * A number that the kernel calls unlimited is UNLIMITED. A number that could not be read is
 * UNKNOWN; only the readers' required numbers turn a missing file into an error.
 */
#ifndef ENOMEM_SNAPSHOT_SNAPSHOT_H
#define ENOMEM_SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "support/err.h"

#define UNLIMITED UINT64_MAX
#define UNKNOWN (UINT64_MAX - 1)

enum limit_name { LIMIT_AS, LIMIT_DATA, LIMIT_STACK, LIMIT_MEMLOCK, LIMIT_NPROC, LIMIT_COUNT };

struct limit {
	uint64_t soft; /* bytes (nproc: processes), or UNLIMITED */
	uint64_t hard;
};

/* "as", "data", ... for a limit_name; the names that `rlimit.<name>` uses. */
const char *limit_word(enum limit_name name);

/* LIMIT_AS for "as" and so on; -1 for a word that is none. */
int limit_from_word(const char *word);

#define AREAS_ACCOUNTED_MOST 32

/* The address space of a process, VMA by VMA; read only while it has few. */
struct areas {
	bool known;
	uint64_t accounted_pages; /* sum over VMAs that fork charges: VM_ACCOUNT ("ac"), not VM_DONTCOPY ("dc") */
	uint64_t largest_accounted_pages;         /* the largest of them */
	uint64_t largest_gap_pages;               /* largest hole that mmap without an address can use */
	uint64_t accounted[AREAS_ACCOUNTED_MOST]; /* pages of the accounted VMAs, in order of address */
	unsigned accounted_count;                 /* of them; more than AREAS_ACCOUNTED_MOST are not listed */
	unsigned below_gap_count;                 /* of them lie below the largest hole */
};

struct process_snapshot {
	uint64_t map_count;      /* mm->map_count: lines of /proc/PID/maps without [vsyscall] */
	uint64_t vm_size_kib;    /* mm->total_vm */
	uint64_t vm_data_kib;    /* mm->data_vm */
	uint64_t vm_locked_kib;  /* mm->locked_vm */
	uint64_t cap_effective;  /* bit mask as in /proc/PID/status CapEff */
	uint64_t user_processes; /* that RLIMIT_NPROC counts: threads of this uid; UNKNOWN unless asked for */
	struct limit limits[LIMIT_COUNT];
	struct areas areas;
};

struct machine_snapshot {
	uint64_t mem_total_kib;
	uint64_t mem_available_kib;
	uint64_t swap_total_kib;
	uint64_t commit_limit_kib;
	uint64_t committed_as_kib;
	uint64_t hugetlb_kib;
	uint64_t max_map_count; /* vm.* as the sysctl files show them */
	uint64_t overcommit_memory;
	uint64_t overcommit_ratio;
	uint64_t overcommit_kbytes;
	uint64_t admin_reserve_kbytes;
	uint64_t user_reserve_kbytes;
	uint64_t mmap_min_addr;
	uint64_t oom_kills; /* /proc/vmstat oom_kill, UNKNOWN where there is none */
};

struct snapshot {
	struct process_snapshot process;
	struct machine_snapshot machine;
};

/*
 * VMAs of a process above which `areas` is not read: smaps of 65,530 takes a second. It must hold
 * what a scenario that forks makes, two for each of 4096 areas.
 */
#define SNAPSHOT_AREAS_MOST 8500

/*
 * Read /proc/PID/{maps,status,limits} and, with at most SNAPSHOT_AREAS_MOST VMAs, smaps
 * (or maps, where the kernel has no smaps: then private writable VMAs are taken as accounted).
 * `mmap_min_addr` bounds the lowest gap. Needs the right to ptrace `pid`.
 */
int snapshot_read_process(int root_fd, pid_t pid, uint64_t page_bytes, uint64_t mmap_min_addr,
			  struct process_snapshot *ret, struct err *err);

/*
 * Number of threads of all processes in the /proc at `root_fd` that have the real uid of `pid`: what
 * RLIMIT_NPROC is compared with, from 5.14 on in each user namespace (kernel/ucount.c), before for the
 * whole machine, of which this /proc may show a part. UNKNOWN when /proc cannot be listed.
 */
uint64_t snapshot_count_user_processes(int root_fd, pid_t pid);

/* Read /proc/meminfo, /proc/vmstat and /proc/sys/vm. MemTotal and max_map_count are required. */
int snapshot_read_machine(int root_fd, struct machine_snapshot *ret, struct err *err);

/* Pure parsers of the files' texts, for tests and fuzzers. `text` need not end in NUL. */
void snapshot_parse_meminfo(const char *text, size_t length, struct machine_snapshot *ret);
int snapshot_parse_status(const char *text, size_t length, struct process_snapshot *ret, struct err *err);
int snapshot_parse_limits(const char *text, size_t length, struct process_snapshot *ret, struct err *err);

/*
 * Counts VMAs in pieces of /proc/PID/maps as they are read, in constant memory.
 * Zero it first. [vsyscall] is the gate VMA, which is in no mm (arch/x86: get_gate_vma).
 */
struct maps_counter {
	uint64_t lines;
	char tail[16]; /* the last characters of the current line */
	size_t tail_length;
	bool in_line;
};

void maps_counter_add(struct maps_counter *counter, const char *text, size_t length);

/* The VMAs seen so far, an unfinished last line included. */
uint64_t maps_counter_value(const struct maps_counter *counter);

/*
 * Sum up a text of /proc/PID/smaps, or of /proc/PID/maps.
 * The hole below a VM_GROWSDOWN VMA ([stack]) loses stack_guard_gap, 256 pages
 * (mm/mmap.c stack_guard_gap, vm_start_gap()).
 */
void areas_parse(const char *text, size_t length, uint64_t page_bytes, uint64_t mmap_min_addr, struct areas *ret);

#endif
