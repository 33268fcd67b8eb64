#include "snapshot/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "snapshot/areas.h"
#include "snapshot/text.h"
#include "support/file.h"

/* Of /proc/PID/status the line of the supplementary groups can be long. */
#define TEXT_BYTES (16 * 1024)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PROCESS(member) offsetof(struct process_snapshot, member)

static const struct {
	const char *word;
	const char *title; /* in /proc/PID/limits */
} limit_names[LIMIT_COUNT] = {
	[LIMIT_AS] = {"as", "Max address space"},    [LIMIT_DATA] = {"data", "Max data size"},
	[LIMIT_STACK] = {"stack", "Max stack size"}, [LIMIT_MEMLOCK] = {"memlock", "Max locked memory"},
	[LIMIT_NPROC] = {"nproc", "Max processes"},
};

const char *limit_word(enum limit_name name)
{
	return limit_names[name].word;
}

int limit_from_word(const char *word)
{
	for (int name = 0; name < LIMIT_COUNT; name++) {
		if (strcmp(limit_names[name].word, word) == 0)
			return name;
	}
	return -1;
}

static bool read_capabilities(struct text text, uint64_t *ret)
{
	struct text line, word;

	while (text_line(&text, &line)) {
		if (text_prefix(&line, "CapEff:") && text_word(&line, &word))
			return text_hex(&word, ret) && word.left == 0;
	}
	return false;
}

int snapshot_parse_status(const char *text, size_t length, struct process_snapshot *ret, struct err *err)
{
	static const struct text_row rows[] = {
		{"VmSize:", PROCESS(vm_size_kib)},
		{"VmData:", PROCESS(vm_data_kib)},
		{"VmLck:", PROCESS(vm_locked_kib)},
	};
	struct text whole = {text, length};

	text_read_rows(whole, rows, COUNT_OF(rows), ret);
	if (ret->vm_size_kib == UNKNOWN || ret->vm_data_kib == UNKNOWN || ret->vm_locked_kib == UNKNOWN)
		return err_set(err, ESRCH,
			       "cannot find VmSize, VmData and VmLck in the status of the process: "
			       "it has ended, or is a kernel thread");
	if (!read_capabilities(whole, &ret->cap_effective))
		return err_set(err, EINVAL, "cannot find CapEff in the status of the process");
	return 0;
}

static bool read_limit(struct text *rest, uint64_t *ret)
{
	struct text word;

	if (!text_word(rest, &word))
		return false;
	if (text_equals(word, "unlimited")) {
		*ret = UNLIMITED;
		return true;
	}
	if (!text_decimal(&word, ret) || word.left > 0)
		return false;
	/* The one number below infinity means UNKNOWN here, and is infinite for every purpose. */
	if (*ret >= UNKNOWN)
		*ret = UNLIMITED;
	return true;
}

static bool find_limit(struct text text, const char *title, struct limit *ret)
{
	struct text line;

	while (text_line(&text, &line)) {
		if (text_prefix(&line, title))
			return read_limit(&line, &ret->soft) && read_limit(&line, &ret->hard);
	}
	return false;
}

int snapshot_parse_limits(const char *text, size_t length, struct process_snapshot *ret, struct err *err)
{
	for (int name = 0; name < LIMIT_COUNT; name++) {
		if (!find_limit((struct text){text, length}, limit_names[name].title, &ret->limits[name]))
			return err_set(err, EINVAL, "cannot find '%s' in the limits of the process",
				       limit_names[name].title);
	}
	return 0;
}

static void count_piece(void *context, const char *text, size_t length)
{
	maps_counter_add(context, text, length);
}

/* Add to a file that could not be read what the user can do about it. */
static int explain(int root_fd, pid_t pid, int status, struct err *err)
{
	if (status == -EACCES || status == -EPERM)
		return err_advise(err,
				  "process %d must be of the same user and dumpable, or enomem be root; "
				  "/proc must be mounted and not hidden (hidepid)",
				  (int)pid);
	if (status != -ENOENT)
		return status;
	if (faccessat(root_fd, "proc/meminfo", F_OK, 0) < 0)
		return err_advise(err, "/proc must be mounted: mount -t proc proc /proc");
	return err_advise(err, "process %d has ended, or it is hidden: /proc must be mounted and not hidden (hidepid)",
			  (int)pid);
}

static int read_areas(int root_fd, pid_t pid, struct areas_scan *scan, struct areas *ret, struct err *err)
{
	char path[64];
	struct areas_scan fresh = *scan;
	struct err no_smaps;

	snprintf(path, sizeof(path), "proc/%d/smaps", (int)pid);

	int status = file_read_pieces_at(root_fd, path, areas_scan_add, scan, &no_smaps);

	/* Also a read can be refused, after the open was not. */
	if (status < 0) {
		*scan = fresh;
		snprintf(path, sizeof(path), "proc/%d/maps", (int)pid);
		status = file_read_pieces_at(root_fd, path, areas_scan_add, scan, err);
	}
	if (status == 0)
		areas_scan_end(scan, ret);
	return status;
}

static int count_maps(int root_fd, pid_t pid, uint64_t *ret, struct err *err)
{
	struct maps_counter counter = {0};
	char path[64];

	snprintf(path, sizeof(path), "proc/%d/maps", (int)pid);

	int status = file_read_pieces_at(root_fd, path, count_piece, &counter, err);

	if (status == 0)
		*ret = maps_counter_value(&counter);
	return status;
}

typedef int (*parse_fn)(const char *text, size_t length, struct process_snapshot *ret, struct err *err);

static int read_parsed(int root_fd, pid_t pid, const char *name, parse_fn parse, struct process_snapshot *ret,
		       struct err *err)
{
	char path[64], text[TEXT_BYTES];
	size_t length;

	snprintf(path, sizeof(path), "proc/%d/%s", (int)pid, name);

	int status = file_read_at(root_fd, path, text, sizeof(text), &length, err);

	return status < 0 ? status : parse(text, length, ret, err);
}

int snapshot_read_process(int root_fd, pid_t pid, uint64_t page_bytes, uint64_t mmap_min_addr,
			  struct process_snapshot *ret, struct err *err)
{
	struct areas_scan scan;
	int status = count_maps(root_fd, pid, &ret->map_count, err);

	ret->user_processes = UNKNOWN;
	if (status == 0)
		status = read_parsed(root_fd, pid, "status", snapshot_parse_status, ret, err);
	if (status == 0)
		status = read_parsed(root_fd, pid, "limits", snapshot_parse_limits, ret, err);
	areas_scan_start(&scan, page_bytes, mmap_min_addr);
	areas_scan_end(&scan, &ret->areas);
	if (status == 0 && ret->map_count <= SNAPSHOT_AREAS_MOST) {
		areas_scan_start(&scan, page_bytes, mmap_min_addr);
		status = read_areas(root_fd, pid, &scan, &ret->areas, err);
	}
	return status < 0 ? explain(root_fd, pid, status, err) : 0;
}
