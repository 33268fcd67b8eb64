#include "kernels/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "kernels/cache.h"
#include "kernels/image.h"
#include "kernels/unpack.h"

#define DEBIAN "debian:"
#define DEBIAN_ENTRY "debian-"

bool kernel_version_matches(const char *version, const char *release)
{
	size_t length = strlen(version);

	return length > 0 && strncmp(version, release, length) == 0 &&
	       !(release[length] >= '0' && release[length] <= '9');
}

static int not_fetched(const char *name, struct err *err)
{
	err_set(err, ENOENT, "cannot find kernel %s: it has not been fetched", name);
	return err_advise(err,
			  "`enomem kernels fetch %s` gets it from Debian's archive; `enomem kernels list` shows "
			  "what is there",
			  name);
}

/* The newest entry of the version; its name behind "debian-" is its release. */
static bool find_entry(const char *parent, const char *version, char *ret, size_t size)
{
	DIR *directory = opendir(parent);
	struct dirent *entry;
	char best[256] = "";

	while (directory && (entry = readdir(directory))) {
		const char *release = entry->d_name + strlen(DEBIAN_ENTRY);

		if (strncmp(entry->d_name, DEBIAN_ENTRY, strlen(DEBIAN_ENTRY)) == 0 &&
		    kernel_version_matches(version, release) && strverscmp(release, best) > 0 &&
		    !strstr(release, "amd64."))
			snprintf(best, sizeof(best), "%s", release);
	}
	if (directory)
		closedir(directory);
	snprintf(ret, size, "%s/" DEBIAN_ENTRY "%s", parent, best);
	return best[0] != '\0';
}

static void take_entry(const char *directory, const struct cache_entry *entry, struct kernel *ret)
{
	snprintf(ret->release, sizeof(ret->release), "%s", entry->release);
	snprintf(ret->image, sizeof(ret->image), "%s/image", directory);
	ret->is_pvh = entry->is_pvh;
}

static int find_fetched(const char *name, struct kernel *ret, struct err *err)
{
	char parent[PATH_MAX - 300], directory[PATH_MAX - 16];
	struct cache_entry entry;
	int status = cache_subdirectory("kernels", parent, sizeof(parent), err);

	if (status < 0)
		return status;
	if (!find_entry(parent, name + strlen(DEBIAN), directory, sizeof(directory)))
		return not_fetched(name, err);
	status = cache_read(directory, &entry, err);
	if (status < 0) {
		cache_remove(directory);
		return err_advise(err, "it was removed; `enomem kernels fetch %s` gets it again", name);
	}
	take_entry(directory, &entry, ret);
	return 0;
}

/* From the bytes of the user's image: made once, and found again by their checksum. */
static int find_unpacked(const char *path, const unsigned char *data, size_t length, struct kernel *ret,
			 struct err *err)
{
	char parent[PATH_MAX - 300], directory[PATH_MAX - 16];
	struct cache_entry entry;
	struct err ignored = {0};
	struct image image;
	int status = image_read(data, length, &image, err);

	if (status < 0) {
		struct err why = *err;

		return err_set(err, ENOEXEC, "cannot use kernel %s: %s", path, why.text);
	}
	/* Nothing to unpack. */
	if (image.is_vmlinux && !image.is_pvh)
		return err_set(err, ENOEXEC,
			       "cannot use kernel %s: this vmlinux cannot be started directly (no "
			       "CONFIG_PVH); use the bzImage",
			       path);
	snprintf(ret->release, sizeof(ret->release), "%s", image.release);
	ret->is_pvh = image.is_vmlinux;
	if (image.is_vmlinux)
		return realpath(path, ret->image) ? 0 : err_set_errno(err, errno, "cannot use kernel %s", path);
	status = cache_subdirectory("images", parent, sizeof(parent), err);
	if (status < 0)
		return status;
	snprintf(directory, sizeof(directory), "%s/%08lx-%zu", parent, crc32_z(0, data, length), length);
	if (cache_read(directory, &entry, &ignored) < 0) {
		cache_remove(directory);
		status = cache_store(directory, data, length, "", err);
		if (status == 0)
			status = cache_read(directory, &entry, err);
	}
	if (status == 0)
		take_entry(directory, &entry, ret);
	return status;
}

static int find_path(const char *path, struct kernel *ret, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat file;
	void *data;
	int status;

	if (fd == -1 || fstat(fd, &file) == -1) {
		err_set_errno(err, errno, "cannot open kernel %s", path);
		if (fd >= 0)
			close(fd);
		return err_advise(err, "a kernel is debian:VERSION, or the path of a bzImage or vmlinux");
	}
	if (!S_ISREG(file.st_mode) || file.st_size == 0 || (size_t)file.st_size > UNPACK_BYTES_MOST) {
		close(fd);
		return err_set(err, ENOEXEC, "cannot use kernel %s: it is %s", path,
			       !S_ISREG(file.st_mode) ? "no file"
			       : file.st_size         ? "too large"
						      : "empty");
	}
	data = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return err_set_errno(err, errno, "cannot read kernel %s", path);
	status = find_unpacked(path, data, (size_t)file.st_size, ret, err);
	munmap(data, (size_t)file.st_size);
	return status;
}

int kernel_find(const char *name, struct kernel *ret, struct err *err)
{
	*ret = (struct kernel){0};
	if (strlen(name) >= sizeof(ret->name))
		return err_set(err, ENAMETOOLONG, "cannot use kernel %.40s...: its name is too long", name);
	strcpy(ret->name, name);
	if (strncmp(name, DEBIAN, strlen(DEBIAN)) == 0)
		return find_fetched(name, ret, err);
	return find_path(name, ret, err);
}
