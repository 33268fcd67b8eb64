/* Making entries of the cache, whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernels/cache.h"

#define UNFINISHED ".new-"

/* An entry is made within seconds: what is older was left by one that was killed. */
#define UNFINISHED_AGE_S 3600

static int write_all(int fd, const unsigned char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t done = write(fd, bytes, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? -errno : -EIO;
		bytes += done;
		size -= (size_t)done;
	}
	return 0;
}

/* On the disk before the entry gets its name: after a power loss there is none, or a whole one. */
static int write_file(const char *path, const void *bytes, size_t size, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int status = fd < 0 ? -errno : write_all(fd, bytes, size);

	if (status == 0 && fsync(fd) < 0)
		status = -errno;
	if (fd >= 0 && close(fd) < 0 && status == 0)
		status = -errno;
	return status < 0 ? err_set_errno(err, -status, "cannot write %s", path) : 0;
}

static int write_image(const char *directory, const char *name, const struct content *content,
		       struct manifest_file *file, struct err *err)
{
	char path[PATH_MAX];
	int status;

	*file = (struct manifest_file){0};
	if (!content)
		return 0;
	status = cache_path(path, directory, name, err);
	if (status == 0)
		status = write_file(path, content->bytes, content->size, err);
	if (status < 0)
		return status;
	content_digest(content->bytes, content->size, file->sha256);
	status = manifest_stat(path, file);
	return status < 0 ? err_set_errno(err, -status, "cannot read %s", path) : 0;
}

static int write_manifest(const char *directory, const struct manifest *manifest, struct err *err)
{
	char path[PATH_MAX];
	char *text = manifest_format(manifest);
	int status;

	if (!text)
		return err_no_memory(err);
	status = cache_path(path, directory, MANIFEST_NAME, err);
	if (status == 0)
		status = write_file(path, text, strlen(text), err);
	free(text);
	return status;
}

static void remove_unfinished(const char *parent)
{
	DIR *directory = opendir(parent);
	struct dirent *found;
	char path[PATH_MAX];
	struct stat about;
	struct err err;

	if (!directory)
		return;
	while ((found = readdir(directory))) {
		if (strncmp(found->d_name, UNFINISHED, strlen(UNFINISHED)) == 0 &&
		    cache_path(path, parent, found->d_name, &err) == 0 && lstat(path, &about) == 0 &&
		    time(NULL) - about.st_mtime > UNFINISHED_AGE_S)
			cache_remove(path);
	}
	closedir(directory);
}

/* Give the new directory the entry's name. Whoever has an image of the old one open keeps it. */
static int take_name(const char *made, const char *entry, struct err *err)
{
	if (rename(made, entry) == 0)
		return 0;
	if ((errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) &&
	    renameat2(AT_FDCWD, made, AT_FDCWD, entry, RENAME_EXCHANGE) == 0) {
		cache_remove(made);
		return 0;
	}
	/* A file system that cannot exchange: for a moment there is no entry, which is as good as one not made yet. */
	if (errno == EINVAL || errno == ENOSYS) {
		cache_remove(entry);
		if (rename(made, entry) == 0)
			return 0;
	}
	return err_set_errno(err, errno, "cannot name %s", entry);
}

static int make_unfinished(const char *entry, char made[static PATH_MAX], struct err *err)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(entry, '/');
	mode_t mask = umask(0);
	int status;

	umask(mask);
	snprintf(parent, sizeof(parent), "%.*s", (int)(slash - entry), entry);
	status = cache_make_directory(parent, err);
	if (status < 0)
		return status;
	remove_unfinished(parent);
	status = cache_path(made, parent, UNFINISHED "XXXXXX", err);
	if (status < 0)
		return status;
	if (!mkdtemp(made)) {
		err_set_errno(err, errno, "cannot make a directory in %s", parent);
		return cache_advise(err, parent, 0);
	}
	chmod(made, 0777 & ~mask);
	return 0;
}

int cache_store(const char *entry, struct manifest *manifest, const struct content *vmlinuz,
		const struct content *vmlinux, struct err *err)
{
	char made[PATH_MAX];
	uint64_t needed_bytes = (vmlinuz ? vmlinuz->size : 0) + (vmlinux ? vmlinux->size : 0);
	int status = make_unfinished(entry, made, err);

	if (status < 0)
		return status;
	status = write_image(made, "vmlinuz", vmlinuz, &manifest->vmlinuz, err);
	if (status == 0)
		status = write_image(made, "vmlinux", vmlinux, &manifest->vmlinux, err);
	if (status == 0)
		status = write_manifest(made, manifest, err);
	if (status == 0)
		status = take_name(made, entry, err);
	if (status < 0) {
		char parent[PATH_MAX];

		cache_remove(made);
		snprintf(parent, sizeof(parent), "%.*s", (int)(strrchr(entry, '/') - entry), entry);
		cache_advise(err, parent, needed_bytes);
	}
	return status;
}
