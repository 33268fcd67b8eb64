#include "kernels/cache.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "support/number.h"

int cache_path(char ret[static PATH_MAX], const char *parent, const char *name, struct err *err)
{
	if (snprintf(ret, PATH_MAX, "%s/%s", parent, name) < PATH_MAX)
		return 0;
	return err_set_errno(err, ENAMETOOLONG, "cannot use %s", parent);
}

/* The XDG specification: what is not absolute counts as not set. */
int cache_find(char ret[static PATH_MAX], struct err *err)
{
	const char *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (xdg && xdg[0] == '/')
		return cache_path(ret, xdg, "enomem", err);
	if (home && home[0] == '/')
		return cache_path(ret, home, ".cache/enomem", err);
	err_set(err, ENOENT, "cannot find the cache of kernels: neither XDG_CACHE_HOME nor HOME is an absolute path");
	return err_advise(err, "set XDG_CACHE_HOME to a directory that can be written");
}

int cache_advise(struct err *err, const char *path, uint64_t needed_bytes)
{
	struct statvfs about;
	char needed[32], left[32];

	if (err->code == EACCES || err->code == EROFS || err->code == EPERM)
		return err_advise(err, "set XDG_CACHE_HOME to a directory that can be written");
	if (err->code != ENOSPC && err->code != EDQUOT)
		return -err->code;
	if (needed_bytes == 0 || statvfs(path, &about) < 0)
		return err_advise(err, "make room, or set XDG_CACHE_HOME to a directory on a larger disk");
	number_format_bytes(needed_bytes, needed, sizeof(needed));
	number_format_bytes((uint64_t)about.f_bavail * about.f_frsize, left, sizeof(left));
	return err_advise(err, "%s are needed there and %s are free: make room, or set XDG_CACHE_HOME to a larger disk",
			  needed, left);
}

static int make_one(const char *path, struct err *err)
{
	struct stat about;

	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno == EEXIST && stat(path, &about) == 0 && S_ISDIR(about.st_mode))
		return 0;
	err_set_errno(err, errno == EEXIST ? ENOTDIR : errno, "cannot make directory %s", path);
	return cache_advise(err, path, 0);
}

int cache_make_directory(const char *path, struct err *err)
{
	char part[PATH_MAX];
	struct stat about;

	if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
		return 0;
	if (strlen(path) >= sizeof(part))
		return err_set_errno(err, ENAMETOOLONG, "cannot make directory %s", path);
	strcpy(part, path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		/* One above may exist and yet not be ours to make: / on a read-only disk. */
		if (stat(part, &about) < 0 && make_one(part, err) < 0)
			return -err->code;
		*slash = '/';
	}
	return make_one(part, err);
}

int cache_entry_of_release(char ret[static PATH_MAX], const char *cache, const char *release, struct err *err)
{
	char name[sizeof("kernels/debian-") + RELEASE_SIZE];

	snprintf(name, sizeof(name), "kernels/debian-%s", release);
	return cache_path(ret, cache, name, err);
}

int cache_entry_of_image(char ret[static PATH_MAX], const char *cache, const char *sha256, struct err *err)
{
	char name[sizeof("extracted/") + SHA256_TEXT];

	snprintf(name, sizeof(name), "extracted/%s", sha256);
	return cache_path(ret, cache, name, err);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
	(void)about;
	(void)kind;
	(void)place;
	remove(path);
	return 0;
}

void cache_remove(const char *directory)
{
	nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
