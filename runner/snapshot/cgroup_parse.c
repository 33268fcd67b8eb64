/*
 * The pure half of cgroup.h: texts in, places out.
 */
#include "snapshot/cgroup.h"

#include <stdio.h>
#include <string.h>

#include "snapshot/cgroup_search.h"

/* What a tree is called: its controller in v1, and the file system in mountinfo. */
static const struct {
	const char *controller; /* NULL in v2, where /proc/PID/cgroup has "0::PATH" */
	const char *file_system;
} trees[CGROUP_TREES] = {
	[CGROUP_V2] = {NULL, "cgroup2"},
	[CGROUP_V1_MEMORY] = {"memory", "cgroup"},
	[CGROUP_V1_PIDS] = {"pids", "cgroup"},
};

static bool list_has(struct text list, const char *item)
{
	struct text part;

	while (text_until(&list, ',', &part)) {
		if (text_equals(part, item))
			return true;
	}
	return text_equals(list, item);
}

/* Whether a component is "..": a cgroup outside the reader's cgroup namespace, whose name is not told. */
static bool leaves_namespace(const char *path)
{
	for (const char *at = path; (at = strstr(at, "/..")); at += 3) {
		if (at[3] == '/' || at[3] == '\0')
			return true;
	}
	return false;
}

/* Copy an absolute path. False for anything else, and for a path that is too long. */
static bool copy_path(struct text text, char ret[CGROUP_PATH_BYTES])
{
	if (text.left == 0 || text.left >= CGROUP_PATH_BYTES || text.at[0] != '/' || memchr(text.at, '\0', text.left))
		return false;
	memcpy(ret, text.at, text.left);
	ret[text.left] = '\0';
	return !leaves_namespace(ret);
}

static bool octal_escape(struct text text, char *ret)
{
	unsigned value = 0;

	if (text.left < 4 || text.at[0] != '\\')
		return false;
	for (int digit = 1; digit < 4; digit++) {
		if (text.at[digit] < '0' || text.at[digit] > '7')
			return false;
		value = value * 8 + (unsigned)(text.at[digit] - '0');
	}
	*ret = (char)(unsigned char)value;
	return value > 0 && value < 256;
}

/* A path of mountinfo, where blanks, newlines and backslashes are written as "\040" and so on. */
static bool decode_path(struct text text, char ret[CGROUP_PATH_BYTES])
{
	char decoded[CGROUP_PATH_BYTES];
	size_t length = 0;

	for (; text.left > 0 && length < sizeof(decoded); length++) {
		size_t taken = octal_escape(text, &decoded[length]) ? 4 : 1;

		if (taken == 1)
			decoded[length] = text.at[0];
		text.at += taken;
		text.left -= taken;
	}
	return text.left == 0 && copy_path((struct text){decoded, length}, ret);
}

/* "4:memory:/a/b", "3:cpu,cpuacct:/", "1:name=systemd:/", "0::/a/b" */
static void take_membership(struct cgroup_search *search, struct text line)
{
	struct text number, controllers;

	if (!text_until(&line, ':', &number) || !text_until(&line, ':', &controllers))
		return;
	for (int tree = 0; tree < CGROUP_TREES; tree++) {
		struct cgroup_place *place = &search->places->tree[tree];
		const char *controller = trees[tree].controller;
		bool fits = controller ? list_has(controllers, controller)
				       : controllers.left == 0 && text_equals(number, "0");

		if (fits && !place->member)
			place->member = copy_path(line, place->path);
	}
}

void cgroup_search_start(struct cgroup_search *search, struct text cgroup, struct cgroup_places *ret)
{
	struct text line;

	memset(search, 0, sizeof(*search));
	memset(ret, 0, sizeof(*ret));
	search->places = ret;
	while (text_line(&cgroup, &line))
		take_membership(search, line);
}

/* Returns `path` as seen from `root`: "/b" for "/a/b" from "/a"; NULL when it is not below. */
static const char *path_below(const char *path, const char *root)
{
	size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);

	if (strncmp(path, root, length) != 0 || (path[length] != '/' && path[length] != '\0'))
		return NULL;
	return strcmp(path + length, "/") == 0 ? "" : path + length;
}

/* Of several mounts the one that shows the most ancestors is best. */
static void take_place(struct cgroup_search *search, int tree, const char *root, const char *mount)
{
	struct cgroup_place *place = &search->places->tree[tree];
	const char *below = path_below(place->path, root);
	char directory[CGROUP_PATH_BYTES];

	if (!below || (place->mounted && search->root_length[tree] <= strlen(root)))
		return;
	if (strcmp(mount, "/") == 0)
		mount = "";
	if (snprintf(directory, sizeof(directory), "%s%s", mount, below) >= (int)sizeof(directory))
		return;
	memcpy(place->directory, directory, sizeof(directory));
	place->mount_length = strlen(mount);
	place->mounted = true;
	search->root_length[tree] = strlen(root);
}

/* After the optional fields: "- FILE-SYSTEM SOURCE OPTIONS" */
static bool skip_to_file_system(struct text *line, struct text *ret_file_system)
{
	struct text word;

	while (text_word(line, &word)) {
		if (text_equals(word, "-"))
			return text_word(line, ret_file_system);
	}
	return false;
}

/* "ID PARENT MAJOR:MINOR ROOT MOUNT-POINT OPTIONS [OPTIONAL ...] - FILE-SYSTEM SOURCE OPTIONS" */
void cgroup_search_mount(void *context, struct text line)
{
	struct cgroup_search *search = context;
	struct text skipped, root_text, mount_text, options, file_system;
	char root[CGROUP_PATH_BYTES], mount[CGROUP_PATH_BYTES];

	for (int field = 0; field < 3; field++)
		text_word(&line, &skipped);
	if (!text_word(&line, &root_text) || !text_word(&line, &mount_text) || !text_word(&line, &options) ||
	    !skip_to_file_system(&line, &file_system) || !text_word(&line, &skipped))
		return;
	if (!decode_path(root_text, root) || !decode_path(mount_text, mount))
		return;
	/* Without options nothing can follow: then it is no v1 mount. */
	if (!text_word(&line, &options))
		options.left = 0;
	for (int tree = 0; tree < CGROUP_TREES; tree++) {
		const char *controller = trees[tree].controller;

		if (search->places->tree[tree].member && text_equals(file_system, trees[tree].file_system) &&
		    (!controller || list_has(options, controller)))
			take_place(search, tree, root, mount);
	}
}

void cgroup_parse(const char *cgroup, size_t cgroup_length, const char *mountinfo, size_t mountinfo_length,
		  struct cgroup_places *ret)
{
	struct cgroup_search search;
	struct text_lines lines = {.used = 0};

	cgroup_search_start(&search, (struct text){cgroup, cgroup_length}, ret);
	text_lines_add(&lines, (struct text){mountinfo, mountinfo_length}, cgroup_search_mount, &search);
	text_lines_end(&lines, cgroup_search_mount, &search);
}

bool cgroup_up(struct cgroup_place *place)
{
	char *last_path = strrchr(place->path, '/');
	char *last_directory = strrchr(place->directory, '/');

	if (!last_path || !last_directory || strlen(place->directory) <= place->mount_length)
		return false;
	*last_directory = '\0';
	last_path[last_path == place->path ? 1 : 0] = '\0';
	return true;
}

bool cgroup_parse_limit(const char *text, int version, uint64_t *ret)
{
	/* v1 shows "no limit" as LONG_MAX rounded down to a page; pages have at most 64 KiB. */
	static const uint64_t v1_unlimited = INT64_MAX - UINT64_C(0xffff);
	struct text rest = {text, strlen(text)};
	struct text line;
	uint64_t value;

	if (!text_line(&rest, &line))
		return false;
	if (text_equals(line, "max")) {
		*ret = UNLIMITED;
		return true;
	}
	if (!text_decimal(&line, &value) || line.left > 0)
		return false;
	*ret = value >= UNKNOWN || (version == 1 && value >= v1_unlimited) ? UNLIMITED : value;
	return true;
}
