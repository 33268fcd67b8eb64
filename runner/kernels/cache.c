#include "kernels/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "kernels/image.h"
#include "kernels/unpack.h"

static int make_directory(const char *path, struct err *err)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return 0;
	err_set_errno(err, errno, "cannot make %s", path);
	return err_advise(err, "set XDG_CACHE_HOME to a directory that can be written");
}

int cache_directory(char *ret, size_t size, struct err *err)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char base[PATH_MAX - 64];
	int status;

	if (cache && cache[0] == '/')
		snprintf(base, sizeof(base), "%s", cache);
	else
		snprintf(base, sizeof(base), "%s/.cache", home && home[0] == '/' ? home : "/root");
	status = make_directory(base, err);
	snprintf(ret, size, "%s/enomem", base);
	return status < 0 ? status : make_directory(ret, err);
}

int cache_subdirectory(const char *name, char *ret, size_t size, struct err *err)
{
	char directory[PATH_MAX - 32];
	int status = cache_directory(directory, sizeof(directory), err);

	snprintf(ret, size, "%s/%s", directory, name);
	return status < 0 ? status : make_directory(ret, err);
}

/* Its checksum, in a mapping. 0 or a negative errno. */
static int sum_file(const char *path, uint64_t *ret_bytes, uint32_t *ret_crc32)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat file;
	void *data = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &file) == 0 && file.st_size > 0)
		data = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (data == MAP_FAILED)
		return -(errno ? errno : EBADMSG);
	*ret_bytes = (uint64_t)file.st_size;
	*ret_crc32 = (uint32_t)crc32_z(0, data, (size_t)file.st_size);
	munmap(data, (size_t)file.st_size);
	return 0;
}

int cache_read(const char *directory, struct cache_entry *ret, struct err *err)
{
	char path[PATH_MAX + 16];
	const char *release, *package;
	json_int_t bytes, crc32;
	uint64_t found_bytes = 0;
	uint32_t found_crc32 = 0;
	int is_pvh, status = 0;
	json_t *json;

	snprintf(path, sizeof(path), "%s/kernel.json", directory);
	if (access(path, F_OK) == -1)
		return err_set_errno(err, errno, "cannot open %s", path);
	json = json_load_file(path, 0, NULL);
	if (!json || json_unpack(json, "{s:s, s:s, s:I, s:I, s:b}", "release", &release, "package", &package, "bytes",
				 &bytes, "crc32", &crc32, "pvh", &is_pvh) < 0)
		status = err_set(err, EBADMSG, "cannot use %s: it is damaged", path);
	snprintf(path, sizeof(path), "%s/image", directory);
	if (status == 0 && (sum_file(path, &found_bytes, &found_crc32) < 0 || found_bytes != (uint64_t)bytes ||
			    found_crc32 != (uint32_t)crc32))
		status = err_set(err, EBADMSG, "cannot use %s: it is damaged", path);
	if (status == 0) {
		*ret = (struct cache_entry){.image_bytes = found_bytes, .image_crc32 = found_crc32, .is_pvh = is_pvh};
		snprintf(ret->release, sizeof(ret->release), "%s", release);
		snprintf(ret->package, sizeof(ret->package), "%s", package);
	}
	json_decref(json);
	return status;
}

void cache_remove(const char *directory)
{
	static const char *const names[] = {"image", "kernel.json"};
	char path[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	rmdir(directory);
}

static int write_all(int fd, const unsigned char *data, size_t length, const char *path, struct err *err)
{
	while (length > 0) {
		ssize_t wrote = write(fd, data, length);

		if (wrote <= 0)
			return err_set_errno(err, wrote < 0 ? errno : ENOSPC, "cannot write %s", path);
		data += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

/* Whether the file starts directly; its release is that of the bzImage. */
static bool is_pvh_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat file;
	struct image image = {0};
	struct err ignored = {0};
	void *data = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &file) == 0 && file.st_size > 0)
		data = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (data == MAP_FAILED)
		return false;
	image_read(data, (size_t)file.st_size, &image, &ignored);
	munmap(data, (size_t)file.st_size);
	return image.is_pvh;
}

/* `path`: the vmlinux inside when QEMU can start it, else the image as it is. */
static int write_image(const char *path, const unsigned char *data, size_t length, const struct image *image,
		       bool *ret_is_pvh, struct err *err)
{
	struct err why = {0};
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int status;

	if (fd == -1)
		return err_set_errno(err, errno, "cannot write %s", path);
	*ret_is_pvh = image->is_pvh;
	status = image->is_vmlinux ? -EBADMSG
				   : unpack_payload(data + image->payload_offset, image->payload_length, fd, &why);
	if (status == 0)
		*ret_is_pvh = is_pvh_file(path);
	if (status == -EBADMSG || (status == 0 && !*ret_is_pvh)) {
		status = ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0
				 ? write_all(fd, data, length, path, err)
				 : err_set_errno(err, errno, "cannot write %s", path);
	} else if (status < 0) {
		*err = why;
	}
	if (close(fd) == -1 && status == 0)
		status = err_set_errno(err, errno, "cannot write %s", path);
	if (status == -ENOSPC || status == -EDQUOT)
		err_advise(err, "the disk is full: a kernel needs about 65 MB; XDG_CACHE_HOME chooses another place");
	return status;
}

static int write_facts(const char *directory, const struct image *image, bool is_pvh, const char *package,
		       struct err *err)
{
	char path[PATH_MAX + 16];
	uint64_t bytes = 0;
	uint32_t crc32 = 0;
	json_t *json;
	int status;

	snprintf(path, sizeof(path), "%s/image", directory);
	status = sum_file(path, &bytes, &crc32);
	if (status < 0)
		return err_set_errno(err, -status, "cannot read %s", path);
	snprintf(path, sizeof(path), "%s/kernel.json", directory);
	json = json_pack("{s:s, s:s, s:I, s:I, s:b}", "release", image->release, "package", package, "bytes",
			 (json_int_t)bytes, "crc32", (json_int_t)crc32, "pvh", is_pvh);
	if (!json)
		return err_no_memory(err);
	if (json_dump_file(json, path, JSON_INDENT(1)) < 0)
		status = err_set_errno(err, errno ? errno : ENOSPC, "cannot write %s", path);
	json_decref(json);
	return status;
}

int cache_store(const char *directory, const unsigned char *data, size_t length, const char *package, struct err *err)
{
	char temporary[PATH_MAX], path[PATH_MAX + 16];
	struct image image;
	bool is_pvh = false;
	int status = image_read(data, length, &image, err);

	if (status < 0)
		return status;
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", directory);
	if (!mkdtemp(temporary)) {
		err_set_errno(err, errno, "cannot make %s", temporary);
		return err_advise(err, "set XDG_CACHE_HOME to a directory that can be written");
	}
	snprintf(path, sizeof(path), "%s/image", temporary);
	status = write_image(path, data, length, &image, &is_pvh, err);
	if (status == 0)
		status = write_facts(temporary, &image, is_pvh, package, err);
	/* Where another run was quicker, its entry is as good. */
	if (status == 0 && rename(temporary, directory) == -1 && errno != EEXIST && errno != ENOTEMPTY)
		status = err_set_errno(err, errno, "cannot make %s", directory);
	cache_remove(temporary);
	return status;
}
