#include "kernels/apt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernels/apt_explain.h"
#include "kernels/cache.h"
#include "kernels/child.h"

#define INDEX_BYTES_MOST ((size_t)8 << 20)
#define ARGUMENTS_MOST 4200
#define NAMES "^linux-(image|binary)-.*-cloud-amd64(-unsigned)?$"

struct step {
	const struct apt_progress *progress;
	const char *name;
};

/* "dlstatus:2:34.5:Retrieving file 2 of 7" */
static void take_status(void *context, const char *line)
{
	const struct step *step = context;
	const char *percent = strncmp(line, "dlstatus:", 9) == 0 ? strchr(line + 9, ':') : NULL;

	if (percent && step->progress && step->progress->show)
		step->progress->show(step->progress->context, step->name, strtod(percent + 1, NULL));
}

/* Run a program of apt's with our configuration; `arguments` ends with NULL. */
static int run(struct apt *apt, const char *program, const char *const *arguments, const char *directory,
	       struct step *step, struct child_result *ret, struct err *err)
{
	const char *argv[ARGUMENTS_MOST] = {program, "-c", apt->configuration};
	struct child child = {
		.argv = argv, .directory = directory, .status_line = step ? take_status : NULL, .context = step};
	unsigned count = 3;
	int status;

	while (*arguments && count < ARGUMENTS_MOST - 1)
		argv[count++] = *arguments++;
	argv[count] = NULL;
	status = child_run(&child, ret, err);
	if (status == -ENOENT)
		err_advise(err, "kernels are fetched with apt; without it, give the path of a kernel image instead");
	return status;
}

/* The names in "NAME - description" lines, cut out in place. */
static unsigned split_names(char *text, const char **names, unsigned most)
{
	unsigned count = 0;

	for (char *line = strtok(text, "\n"); line && count < most; line = strtok(NULL, "\n")) {
		char *end = strchr(line, ' ');

		if (!end)
			continue;
		*end = '\0';
		names[count++] = line;
	}
	names[count] = NULL;
	return count;
}

static int show_packages(struct apt *apt, char *found, struct package_index *ret, struct err *err)
{
	const char *arguments[ARGUMENTS_MOST - 8] = {"show"};
	struct child_result shown;
	int status;

	*ret = (struct package_index){0};
	if (split_names(found, arguments + 1, ARGUMENTS_MOST - 10) == 0)
		return 0;
	status = run(apt, "apt-cache", arguments, NULL, NULL, &shown, err);
	if (status == 0 && shown.exit_status != 0)
		status = apt_explain(shown.errors, "read the package index", err);
	if (status == 0)
		status = package_index_parse(shown.out, shown.out_size, ret, err);
	free(shown.out);
	return status;
}

/* What apt has verified of the lists that it has. */
static int query(struct apt *apt, struct package_index *ret, struct err *err)
{
	static const char *const arguments[] = {"search", "--names-only", NAMES, NULL};
	struct child_result found;
	char nothing[1] = "";
	int status = run(apt, "apt-cache", arguments, NULL, NULL, &found, err);

	if (status == 0 && found.exit_status != 0)
		status = apt_explain(found.errors, "read the package index", err);
	if (status == 0)
		status = show_packages(apt, found.out ? found.out : nothing, ret, err);
	free(found.out);
	return status;
}

static int index_path(const struct apt *apt, char path[static PATH_MAX])
{
	struct err ignored = {0};

	return cache_path(path, apt->directory, "index", &ignored);
}

/* Under another name first, so that a full disk or a kill leaves the one that was there. */
static int save_index(const struct apt *apt, const struct package_index *index, struct err *err)
{
	char path[PATH_MAX], made[PATH_MAX];
	json_t *root = package_index_to_json(index, apt->origin);
	int status = index_path(apt, path);

	if (!root)
		return err_no_memory(err);
	if (status == 0)
		status = cache_path(made, apt->directory, "index.new", err);
	if (status == 0 && (json_dump_file(root, made, JSON_INDENT(1)) < 0 || rename(made, path) < 0)) {
		err_set_errno(err, errno ? errno : EIO, "cannot write %s", path);
		status = cache_advise(err, apt->directory, 0);
	}
	json_decref(root);
	return status;
}

int apt_load_index(const struct apt *apt, struct package_index *ret)
{
	char path[PATH_MAX];
	struct content text = {0};
	struct err ignored = {0};
	json_t *root;
	int status = index_path(apt, path);

	if (status < 0 || content_read(path, INDEX_BYTES_MOST, &text, &ignored) < 0)
		return -ENOENT;
	root = json_loadb((const char *)text.bytes, text.size, 0, NULL);
	content_free(&text);
	status = root ? package_index_from_json(root, apt->origin, ret) : -EBADMSG;
	json_decref(root);
	return status < 0 && status != -ENOMEM ? -ENOENT : status;
}

/* 0 with `reason` filled when apt could not get all: what it has verified may do. */
static int update(struct apt *apt, struct err *reason, struct err *err)
{
	static const char *const arguments[] = {"-o", "APT::Status-Fd=3", "update", NULL};
	struct step step = {apt->progress, "package index"};
	struct child_result result;
	int status = run(apt, "apt-get", arguments, NULL, &step, &result, err);

	if (status == 0 && result.exit_status != 0) {
		apt_explain(result.errors, "fetch the package index", reason);
		cache_advise(reason, apt->directory, 0);
	}
	free(result.out);
	return status;
}

int apt_refresh(struct apt *apt, struct package_index *ret, struct err *err)
{
	struct package_index index = {0};
	struct err reason = {0};
	int status = update(apt, &reason, err);

	if (status == 0)
		status = query(apt, &index, err);
	if (status < 0)
		return status;
	if (reason.code && index.count == 0) {
		package_index_free(&index);
		*err = reason;
		return -reason.code;
	}
	index.fetched_s = time(NULL);
	index.is_complete = reason.code == 0;
	status = save_index(apt, &index, err);
	if (status < 0) {
		package_index_free(&index);
		return status;
	}
	*ret = index;
	if (reason.code)
		*err = reason;
	return reason.code ? 1 : 0;
}

void apt_clean(struct apt *apt)
{
	char incoming[PATH_MAX];
	struct err ignored = {0};

	if (cache_path(incoming, apt->directory, "incoming", &ignored) == 0)
		cache_remove(incoming);
}

static void list_arguments(const struct kernel_package *const *packages, unsigned count, const char **arguments,
			   char (*texts)[sizeof(packages[0]->name) + DEBIAN_VERSION_SIZE])
{
	unsigned used = 0;

	arguments[used++] = "-o";
	arguments[used++] = "APT::Status-Fd=3";
	arguments[used++] = "download";
	for (unsigned i = 0; i < count; i++) {
		snprintf(texts[i], sizeof(texts[i]), "%s=%s", packages[i]->name, packages[i]->version);
		arguments[used++] = texts[i];
	}
	arguments[used] = NULL;
}

int apt_download(struct apt *apt, const struct kernel_package *const *packages, unsigned count, const char *what,
		 char ret_directory[static PATH_MAX], struct err *err)
{
	char texts[APT_DOWNLOADS_MOST][sizeof(packages[0]->name) + DEBIAN_VERSION_SIZE];
	const char *arguments[APT_DOWNLOADS_MOST + 4];
	struct step step = {apt->progress, "download"};
	struct child_result result;
	int status = cache_path(ret_directory, apt->directory, "incoming", err);

	if (count > APT_DOWNLOADS_MOST)
		return err_set(err, E2BIG, "cannot fetch %u kernels at once: %d are the most", count,
			       APT_DOWNLOADS_MOST);
	apt_clean(apt);
	if (status == 0)
		status = cache_make_directory(ret_directory, err);
	if (status < 0)
		return status;
	list_arguments(packages, count, arguments, texts);
	status = run(apt, "apt-get", arguments, ret_directory, &step, &result, err);
	if (status == 0 && result.exit_status != 0) {
		apt_explain(result.errors, what, err);
		status = cache_advise(err, apt->directory, 0);
	}
	free(result.out);
	return status;
}
