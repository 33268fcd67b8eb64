#include "snapshot/cgroup.h"

#include <stdio.h>
#include <string.h>

#include "snapshot/cgroup_search.h"
#include "support/file.h"

#define FILES_MOST 4

static const struct {
	int version;
	const char *files[FILES_MOST];
} trees[CGROUP_TREES] = {
	[CGROUP_V2] = {2, {"memory.max", "memory.high", "memory.swap.max", "pids.max"}},
	[CGROUP_V1_MEMORY] = {1,
			      {"memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.kmem.limit_in_bytes"}},
	[CGROUP_V1_PIDS] = {1, {"pids.max"}},
};

/* Of a name that is too long the end tells more than the beginning. */
static void copy_name(char *ret, size_t size, const char *name)
{
	size_t length = strlen(name);

	if (length < size)
		memcpy(ret, name, length + 1);
	else
		snprintf(ret, size, "...%s", name + length - (size - 4));
}

static void add_limit(struct host_facts *ret, int version, const char *path, const char *file, uint64_t value)
{
	struct cgroup_limit *limit = &ret->cgroup[ret->cgroup_count];

	if (ret->cgroup_count == HOST_CGROUP_LIMITS_MOST) {
		ret->cgroup_cut = true;
		return;
	}
	ret->cgroup_count++;
	limit->version = version;
	limit->value = value;
	copy_name(limit->path, sizeof(limit->path), path);
	copy_name(limit->file, sizeof(limit->file), file);
}

/* A file that is not there is a controller that is not enabled in this cgroup. */
static void read_limit(int root_fd, int version, const struct cgroup_place *place, const char *file,
		       struct host_facts *ret)
{
	char path[CGROUP_PATH_BYTES + 64], text[64];
	struct err ignored;
	uint64_t value;

	snprintf(path, sizeof(path), "%s/%s", place->directory, file);
	if (file_read_at(root_fd, path + strspn(path, "/"), text, sizeof(text), NULL, &ignored) == 0 &&
	    cgroup_parse_limit(text, version, &value))
		add_limit(ret, version, place->path, file, value);
}

static void read_tree(int root_fd, int tree, struct cgroup_place *place, struct host_facts *ret)
{
	if (!place->mounted)
		return;
	do {
		for (int file = 0; file < FILES_MOST && trees[tree].files[file]; file++)
			read_limit(root_fd, trees[tree].version, place, trees[tree].files[file], ret);
	} while (cgroup_up(place));
}

struct mounts {
	struct text_lines lines;
	struct cgroup_search search;
};

static void take_mounts(void *context, const char *text, size_t length)
{
	struct mounts *mounts = context;

	text_lines_add(&mounts->lines, (struct text){text, length}, cgroup_search_mount, &mounts->search);
}

static bool find_places(int root_fd, const char *self, struct cgroup_places *ret)
{
	char path[64], text[16 * 1024];
	size_t length;
	struct err ignored;
	struct mounts mounts = {.lines.used = 0};

	snprintf(path, sizeof(path), "proc/%s/cgroup", self);
	if (file_read_at(root_fd, path, text, sizeof(text), &length, &ignored) < 0)
		return false;
	cgroup_search_start(&mounts.search, (struct text){text, length}, ret);
	snprintf(path, sizeof(path), "proc/%s/mountinfo", self);
	if (file_read_pieces_at(root_fd, path, take_mounts, &mounts, &ignored) < 0)
		return false;
	text_lines_end(&mounts.lines, cgroup_search_mount, &mounts.search);
	return true;
}

void cgroup_read(int root_fd, const char *self, struct host_facts *ret)
{
	struct cgroup_places places;

	ret->cgroup_count = 0;
	ret->cgroup_cut = false;
	if (!find_places(root_fd, self, &places))
		return;
	for (int tree = 0; tree < CGROUP_TREES; tree++)
		read_tree(root_fd, tree, &places.tree[tree], ret);
}
