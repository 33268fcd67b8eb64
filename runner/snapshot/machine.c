#include "snapshot/snapshot.h"

#include <errno.h>

#include "snapshot/text.h"
#include "support/file.h"

/* /proc/vmstat is the longest, 6 KiB on 6.18. */
#define TEXT_BYTES (16 * 1024)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MACHINE(member) offsetof(struct machine_snapshot, member)

void snapshot_parse_meminfo(const char *text, size_t length, struct machine_snapshot *ret)
{
	static const struct text_row rows[] = {
		{"MemTotal:", MACHINE(mem_total_kib)},        {"MemAvailable:", MACHINE(mem_available_kib)},
		{"SwapTotal:", MACHINE(swap_total_kib)},      {"CommitLimit:", MACHINE(commit_limit_kib)},
		{"Committed_AS:", MACHINE(committed_as_kib)}, {"Hugetlb:", MACHINE(hugetlb_kib)},
	};
	static const struct text_row huge = {"HugePages_Total:", 0};
	uint64_t huge_pages;

	text_read_rows((struct text){text, length}, rows, COUNT_OF(rows), ret);

	/* A kernel without hugetlbfs has neither row, and so no such memory. */
	text_read_rows((struct text){text, length}, &huge, 1, &huge_pages);
	if (ret->mem_total_kib != UNKNOWN && ret->hugetlb_kib == UNKNOWN && huge_pages == UNKNOWN)
		ret->hugetlb_kib = 0;
}

static int read_meminfo(int root_fd, struct machine_snapshot *ret, struct err *err)
{
	char text[TEXT_BYTES];
	size_t length;
	int status = file_read_at(root_fd, "proc/meminfo", text, sizeof(text), &length, err);

	if (status == -ENOENT)
		return err_advise(err, "/proc must be mounted: mount -t proc proc /proc");
	if (status < 0)
		return status;
	snapshot_parse_meminfo(text, length, ret);
	if (ret->mem_total_kib == UNKNOWN)
		return err_set(err, EINVAL, "cannot read /proc/meminfo: it has no MemTotal");
	return 0;
}

static void read_vmstat(int root_fd, struct machine_snapshot *ret)
{
	static const struct text_row row = {"oom_kill ", MACHINE(oom_kills)};
	char text[TEXT_BYTES];
	size_t length;
	struct err ignored;

	ret->oom_kills = UNKNOWN;
	if (file_read_at(root_fd, "proc/vmstat", text, sizeof(text), &length, &ignored) == 0)
		text_read_rows((struct text){text, length}, &row, 1, ret);
}

static void read_optional(int root_fd, const char *path, uint64_t *ret)
{
	struct err ignored;

	if (file_read_u64_at(root_fd, path, ret, &ignored) < 0)
		*ret = UNKNOWN;
}

int snapshot_read_machine(int root_fd, struct machine_snapshot *ret, struct err *err)
{
	int status = read_meminfo(root_fd, ret, err);

	if (status < 0)
		return status;
	status = file_read_u64_at(root_fd, "proc/sys/vm/max_map_count", &ret->max_map_count, err);
	if (status < 0)
		return status;
	read_vmstat(root_fd, ret);
	read_optional(root_fd, "proc/sys/vm/overcommit_memory", &ret->overcommit_memory);
	read_optional(root_fd, "proc/sys/vm/overcommit_ratio", &ret->overcommit_ratio);
	read_optional(root_fd, "proc/sys/vm/overcommit_kbytes", &ret->overcommit_kbytes);
	read_optional(root_fd, "proc/sys/vm/admin_reserve_kbytes", &ret->admin_reserve_kbytes);
	read_optional(root_fd, "proc/sys/vm/user_reserve_kbytes", &ret->user_reserve_kbytes);
	read_optional(root_fd, "proc/sys/vm/mmap_min_addr", &ret->mmap_min_addr);
	return 0;
}
