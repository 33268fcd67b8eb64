#include "kernels/debian.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernels/apt.h"
#include "kernels/kernel.h"

#define DAY_S (24 * 60 * 60)
#define FLAVOUR "-cloud-amd64"
#define DOWNLOADS_MOST 64

/* The release in a package's name; NULL for a package that has no image (linux-image-*-unsigned, -dbg ...). */
static const char *release_of(const char *name)
{
	static const char *const prefixes[] = {"linux-binary-", "linux-image-"};
	size_t length = strlen(name), end = strlen(FLAVOUR);

	for (size_t i = 0; i < 2; i++) {
		const char *release = name + strlen(prefixes[i]);

		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0 && *release >= '0' && *release <= '9' &&
		    length > end && strcmp(name + length - end, FLAVOUR) == 0)
			return release;
	}
	return NULL;
}

/* By release; of one release linux-image before linux-binary, which has the image where there are both. */
static int by_release(const void *a, const void *b)
{
	const struct debian_package *left = a, *right = b;
	int order = strverscmp(left->release, right->release);

	return order ? order : -strcmp(left->name, right->name);
}

static int add_package(struct debian_index *index, const char *name, const char *release)
{
	struct debian_package *more = reallocarray(index->packages, index->count + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	index->packages = more;
	snprintf(more[index->count].name, sizeof(more->name), "%s", name);
	snprintf(more[index->count++].release, sizeof(more->release), "%s", release);
	return 0;
}

static int read_names(const char *path, struct debian_index *ret, struct err *err)
{
	FILE *file = fopen(path, "re");
	char line[160];
	int status = 0;

	if (!file)
		return err_set_errno(err, errno, "cannot read %s", path);
	while (status == 0 && fgets(line, sizeof(line), file)) {
		const char *release;

		line[strcspn(line, "\n")] = '\0';
		release = release_of(line);
		if (release)
			status = add_package(ret, line, release);
	}
	fclose(file);
	if (status < 0)
		return err_no_memory(err);
	qsort(ret->packages, ret->count, sizeof(*ret->packages), by_release);
	return 0;
}

static bool is_recent(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 && time(NULL) - file.st_mtime < DAY_S;
}

int debian_read_index(bool anew, fetch_progress *progress, struct debian_index *ret, struct err *err)
{
	static char update[] = "update", quiet[] = "-q", get[] = "apt-get", cache[] = "apt-cache", names[] = "pkgnames",
		    prefix[] = "linux-";
	char *const update_words[] = {get, quiet, update, NULL}, *const names_words[] = {cache, names, prefix, NULL};
	char directory[PATH_MAX - 64], where[PATH_MAX], path[PATH_MAX];
	int status = apt_prepare(directory, sizeof(directory), err);

	*ret = (struct debian_index){0};
	if (status < 0)
		return status;
	snprintf(path, sizeof(path), "%s/names", directory);
	snprintf(where, sizeof(where), "%s/lists/partial", directory);
	if (anew || !is_recent(path)) {
		/* One suite that is expired or away is no reason to go without the others. */
		if (apt_run(directory, update_words, where, "update.log", progress, &ret->partial) == -EINTR)
			return err_set(err, EINTR, "%s", ret->partial.text);
		status = apt_run(directory, names_words, where, "names", NULL, err);
	}
	if (status == 0)
		status = read_names(path, ret, err);
	if (status == 0 && ret->count == 0) {
		unlink(path);
		*err = ret->partial;
		if (!err->code)
			err_set(err, ENOENT, "cannot find any kernel in Debian's archive");
		return -err->code;
	}
	return status;
}

void debian_free(struct debian_index *index)
{
	free(index->packages);
	*index = (struct debian_index){0};
}

const struct debian_package *debian_find(const struct debian_index *index, const char *version)
{
	for (unsigned i = index->count; i > 0; i--) {
		if (kernel_version_matches(version, index->packages[i - 1].release))
			return &index->packages[i - 1];
	}
	return NULL;
}

int debian_download(const struct debian_package *const *packages, unsigned count, fetch_progress *progress,
		     char *directory, size_t size, struct err *err)
{
	static char get[] = "apt-get", quiet[] = "-q", download[] = "download";
	char *words[DOWNLOADS_MOST + 4] = {get, quiet, download};
	char apt[PATH_MAX - 64];
	int status = apt_prepare(apt, sizeof(apt), err);

	if (count > DOWNLOADS_MOST)
		return err_set(err, E2BIG, "cannot fetch more than %d kernels at once", DOWNLOADS_MOST);
	for (unsigned i = 0; i < count; i++)
		words[i + 3] = (char *)packages[i]->name;
	directory[0] = '\0';
	if (status < 0)
		return status;
	snprintf(directory, size, "%s/download.XXXXXX", apt);
	if (!mkdtemp(directory))
		return err_set_errno(err, errno, "cannot make %s", directory);
	return apt_run(apt, words, directory, "download.log", progress, err);
}

void debian_remove_downloads(const char *directory)
{
	DIR *stream = directory[0] ? opendir(directory) : NULL;
	struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		unlinkat(dirfd(stream), entry->d_name, 0);
	if (stream)
		closedir(stream);
	if (directory[0])
		rmdir(directory);
}
