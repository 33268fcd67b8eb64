/*
 * Snapshots of captured hosts (tests/hosts), and of texts that no kernel writes.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "snapshot/snapshot.h"
#include "support/file.h"

#define PAGE UINT64_C(4096)
#define V1 "v1-6.18"
#define V2 "v2-6.1"
#define HYBRID "hybrid-5.10"

static int open_host(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", TEST_HOSTS_DIR, name);

	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	cr_assert(fd >= 0, "no %s", path);
	return fd;
}

static struct machine_snapshot machine_of(const char *host)
{
	struct machine_snapshot machine;
	struct err err;
	int root_fd = open_host(host);

	cr_assert(snapshot_read_machine(root_fd, &machine, &err) == 0, "%s", err.text);
	close(root_fd);
	return machine;
}

static struct process_snapshot process_of(const char *host, uint64_t mmap_min_addr)
{
	struct process_snapshot process;
	struct err err;
	int root_fd = open_host(host);

	cr_assert(snapshot_read_process(root_fd, 1234, PAGE, mmap_min_addr, &process, &err) == 0, "%s", err.text);
	close(root_fd);
	return process;
}

Test(machine, of_a_cgroup_v1_host)
{
	struct machine_snapshot machine = machine_of(V1);

	cr_expect(eq(u64, machine.mem_total_kib, 24684084));
	cr_expect(eq(u64, machine.swap_total_kib, 0));
	cr_expect(eq(u64, machine.commit_limit_kib, 12342040));
	cr_expect(eq(u64, machine.hugetlb_kib, 0));
	cr_expect(eq(u64, machine.max_map_count, 65530));
	cr_expect(eq(u64, machine.overcommit_memory, 0));
	cr_expect(eq(u64, machine.overcommit_ratio, 50));
	cr_expect(eq(u64, machine.overcommit_kbytes, 0));
	cr_expect(eq(u64, machine.admin_reserve_kbytes, 8192));
	cr_expect(eq(u64, machine.user_reserve_kbytes, 100403));
	cr_expect(eq(u64, machine.mmap_min_addr, 4096));
	cr_expect(eq(u64, machine.oom_kills, 0));
}

Test(machine, of_a_cgroup_v2_host)
{
	struct machine_snapshot machine = machine_of(V2);

	cr_expect(eq(u64, machine.mem_available_kib, 6912344));
	cr_expect(eq(u64, machine.swap_total_kib, 999420));
	cr_expect(eq(u64, machine.committed_as_kib, 1911268));
	cr_expect(eq(u64, machine.overcommit_memory, 2));
	cr_expect(eq(u64, machine.mmap_min_addr, 65536));
	cr_expect(eq(u64, machine.oom_kills, 3));
}

Test(machine, what_a_host_lacks_is_unknown)
{
	struct machine_snapshot machine = machine_of(HYBRID);

	cr_expect(eq(u64, machine.max_map_count, 262144));
	cr_expect(eq(u64, machine.hugetlb_kib, 1048576));
	cr_expect(eq(u64, machine.oom_kills, UNKNOWN));
	cr_expect(eq(u64, machine.admin_reserve_kbytes, UNKNOWN));
	cr_expect(eq(u64, machine.user_reserve_kbytes, UNKNOWN));
}

Test(machine, without_proc_says_to_mount_it)
{
	struct machine_snapshot machine;
	struct err err = {0};
	int root_fd = open_host(V1 "/etc");

	cr_expect(eq(int, snapshot_read_machine(root_fd, &machine, &err), -ENOENT));
	cr_expect(eq(str, err.text, "cannot read /proc/meminfo: No such file or directory"));
	cr_expect(strstr(err.advice, "must be mounted") != NULL);
	close(root_fd);
}

Test(meminfo, odd_texts)
{
	struct machine_snapshot machine;
	static const char text[] = "MemTotal: 18446744073709551616 kB\nMemAvailable:\t12\nSwapTotal: 1x kB\n"
				   "HugePages_Total: 0\nCommitted_AS: \0 7 kB\nXMemTotal: 5 kB\nCommitLimit: 9";

	snapshot_parse_meminfo(text, sizeof(text) - 1, &machine);
	cr_expect(eq(u64, machine.mem_total_kib, UNKNOWN), "too many for 64 bits");
	cr_expect(eq(u64, machine.mem_available_kib, 12));
	cr_expect(eq(u64, machine.swap_total_kib, UNKNOWN));
	cr_expect(eq(u64, machine.committed_as_kib, UNKNOWN), "a NUL is no blank");
	cr_expect(eq(u64, machine.commit_limit_kib, 9), "a last line without newline");
	cr_expect(eq(u64, machine.hugetlb_kib, UNKNOWN), "there are huge pages, but no sum");
	snapshot_parse_meminfo("MemTotal: 4 kB\n", 15, &machine);
	cr_expect(eq(u64, machine.hugetlb_kib, 0), "a kernel without hugetlbfs");
	snapshot_parse_meminfo(NULL, 0, &machine);
	cr_expect(eq(u64, machine.mem_total_kib, UNKNOWN));
}

Test(process, of_a_static_program)
{
	struct process_snapshot process = process_of(V1, PAGE);

	cr_expect(eq(u64, process.map_count, 11), "[vsyscall] is the 12th line");
	cr_expect(eq(u64, process.vm_size_kib, 988));
	cr_expect(eq(u64, process.vm_data_kib, 168));
	cr_expect(eq(u64, process.vm_locked_kib, 0));
	cr_expect(eq(u64, process.cap_effective, UINT64_C(0x1fffeffffff)));
	cr_expect(eq(u64, process.limits[LIMIT_STACK].soft, 8388608));
	cr_expect(eq(u64, process.limits[LIMIT_STACK].hard, UNLIMITED));
	cr_expect(eq(u64, process.limits[LIMIT_NPROC].soft, 96365));
	cr_expect(process.areas.known);
	cr_expect(eq(u64, process.areas.accounted_pages, 79), "4 of RELRO, 3, 5, 34 of the heap, 33 of the stack");
	cr_expect(eq(u64, process.areas.largest_accounted_pages, 34));
	cr_expect(eq(u64, process.areas.largest_gap_pages, 34088474117));
}

Test(process, flags_decide_what_fork_charges)
{
	struct process_snapshot process = process_of(V2, 65536);

	cr_expect(eq(u64, process.map_count, 11), "no [vsyscall] here");
	cr_expect(eq(u64, process.vm_size_kib, 1055476));
	cr_expect(eq(u64, process.vm_data_kib, 1053848));
	cr_expect(eq(u64, process.vm_locked_kib, 1024));
	cr_expect(eq(u64, process.cap_effective, 0));
	cr_expect(eq(u64, process.limits[LIMIT_AS].soft, 4294967296));
	cr_expect(eq(u64, process.limits[LIMIT_AS].hard, 8589934592));
	cr_expect(eq(u64, process.limits[LIMIT_DATA].soft, 1073741824));
	cr_expect(eq(u64, process.limits[LIMIT_MEMLOCK].hard, 1040736256));
	cr_expect(eq(u64, process.areas.accounted_pages, 327), "neither MAP_NORESERVE, nor DONTFORK, nor shared");
	cr_expect(eq(u64, process.areas.largest_accounted_pages, 256));
	cr_expect(eq(u64, process.areas.largest_gap_pages, 34091296179));
}

Test(process, without_smaps_the_maps_are_used)
{
	struct process_snapshot process = process_of(HYBRID, 65536);

	cr_expect(eq(u64, process.map_count, 9));
	for (int name = 0; name < LIMIT_COUNT; name++)
		cr_expect(eq(u64, process.limits[name].soft, UNLIMITED));
	cr_expect(process.areas.known);
	cr_expect(eq(u64, process.areas.accounted_pages, 2085));
	cr_expect(eq(u64, process.areas.largest_accounted_pages, 2048));
	cr_expect(eq(u64, process.areas.largest_gap_pages, 34180430736));
}

Test(process, that_is_not_there)
{
	struct process_snapshot process;
	struct err err = {0};
	int root_fd = open_host(V1);

	cr_expect(eq(int, snapshot_read_process(root_fd, 99, PAGE, 0, &process, &err), -ENOENT));
	cr_expect(eq(str, err.text, "cannot read /proc/99/maps: No such file or directory"));
	cr_expect(strstr(err.advice, "hidepid") != NULL);
	close(root_fd);
}

Test(status, of_a_kernel_thread)
{
	struct process_snapshot process;
	struct err err = {0};
	static const char text[] = "Name:\tkthreadd\nCapEff:\t000001ffffffffff\n";

	cr_expect(eq(int, snapshot_parse_status(text, sizeof(text) - 1, &process, &err), -ESRCH));
	cr_expect(strstr(err.text, "kernel thread") != NULL);
}

Test(status, needs_capabilities)
{
	struct process_snapshot process;
	struct err err = {0};
	static const char text[] = "VmSize: 1 kB\nVmData: 2 kB\nVmLck: 3 kB\nCapEff:\t1ffffffffffffffff\n";

	cr_expect(eq(int, snapshot_parse_status(text, sizeof(text) - 1, &process, &err), -EINVAL));
	cr_expect(eq(int, snapshot_parse_status(text, sizeof(text) - 3, &process, &err), 0));
	cr_expect(eq(u64, process.cap_effective, UINT64_C(0x1fffffffffffffff)));
	cr_expect(eq(u64, process.vm_locked_kib, 3));
}

Test(limits, that_miss_a_row)
{
	struct process_snapshot process;
	struct err err = {0};
	static const char text[] = "Max address space         1 2 bytes\n";

	cr_expect(eq(int, snapshot_parse_limits(text, sizeof(text) - 1, &process, &err), -EINVAL));
	cr_expect(eq(str, err.text, "cannot find 'Max data size' in the limits of the process"));
}

Test(limits, have_words)
{
	cr_expect(eq(str, (char *)limit_word(LIMIT_MEMLOCK), "memlock"));
	for (int name = 0; name < LIMIT_COUNT; name++)
		cr_expect(eq(int, limit_from_word(limit_word((enum limit_name)name)), name));
	cr_expect(eq(int, limit_from_word("nofile"), -1));
	cr_expect(eq(int, limit_from_word(""), -1));
}

static uint64_t count(const char *text, size_t length, size_t piece)
{
	struct maps_counter counter = {0};

	for (size_t at = 0; at < length; at += piece)
		maps_counter_add(&counter, text + at, length - at < piece ? length - at : piece);
	return maps_counter_value(&counter);
}

Test(maps_counter, pieces_end_anywhere)
{
	static const char text[] = "1-2 rw-p 0 0:0 0 \n2-3 rw-p 0 0:0 0 /x [vsyscall]\n3-4 rw-p 0 0:0 0 /[vsyscall]\n"
				   "5-6 --xp 0 0:0 0         [vsyscall]\n7-8 rw-p 0 0:0 0";
	size_t length = sizeof(text) - 1;

	for (size_t piece = 1; piece <= length; piece++)
		cr_expect(eq(u64, count(text, length, piece), 4), "in pieces of %zu", piece);
	cr_expect(eq(u64, count(" [vsyscall]", 11, 3), 0), "unfinished");
	cr_expect(eq(u64, count(" [vsyscall]", 10, 3), 1));
	cr_expect(eq(u64, count("", 0, 1), 0));
}
