#include "host/swap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <unistd.h>

#include "support/number.h"

/* Some room must stay for everybody else. */
#define KEEP_FREE_BYTES (UINT64_C(256) << 20)

/* union swap_header (include/linux/swap.h): version and size after 1024 bytes, the magic at the end of the page. */
static int write_header(int fd, uint64_t pages, size_t page_bytes)
{
	static const char magic[10] = {'S', 'W', 'A', 'P', 'S', 'P', 'A', 'C', 'E', '2'};
	uint32_t info[3] = {1, (uint32_t)(pages - 1), 0};
	char *page = calloc(1, page_bytes);
	int status = page ? 0 : -ENOMEM;

	if (status == 0 && pages > UINT32_MAX)
		status = -EINVAL;
	if (status == 0) {
		memcpy(page + 1024, info, sizeof(info));
		memcpy(page + page_bytes - sizeof(magic), magic, sizeof(magic));
		status = pwrite(fd, page, page_bytes, 0) == (ssize_t)page_bytes ? 0 : -EIO;
	}
	free(page);
	return status;
}

static int check_room(int fd, uint64_t bytes, const char *path, struct err *err)
{
	struct statvfs fs;
	char wanted[32], have[32];
	uint64_t free_bytes;

	if (fstatvfs(fd, &fs) == -1)
		return err_set_errno(err, errno, "cannot look at the room for %s", path);
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (free_bytes >= bytes + KEEP_FREE_BYTES)
		return 0;
	err_set(err, ENOSPC, "cannot make a swap file of %s: %s are free on the file system of %s",
		number_format_bytes(bytes, wanted, sizeof(wanted)), number_format_bytes(free_bytes, have, sizeof(have)),
		path);
	return err_advise(err, "choose a smaller swap, or make room");
}

int swap_make(const char *path, uint64_t bytes, struct err *err)
{
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	uint64_t pages = bytes / page_bytes;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int status;

	if (fd == -1)
		return err_set_errno(err, errno, "cannot make the swap file %s", path);
	status = check_room(fd, bytes, path, err);
	if (status == 0 && (status = -posix_fallocate(fd, 0, (off_t)(pages * page_bytes))) < 0)
		err_set_errno(err, -status, "cannot make the swap file %s", path);
	if (status == 0 && (status = write_header(fd, pages, page_bytes)) < 0)
		err_set_errno(err, -status, "cannot write the swap file %s", path);
	close(fd);
	if (status < 0 || swapon(path, 0) == 0)
		return status;
	err_set_errno(err, errno, "cannot use the swap file %s", path);
	return err_advise(err, "it needs CAP_SYS_ADMIN, and a file system that can hold swap files (ext4, xfs)");
}

int swap_remove(const char *path)
{
	/* EINVAL: it is not in use. */
	if (swapoff(path) == -1 && errno != EINVAL && errno != ENOENT)
		return -errno;
	return unlink(path) == -1 && errno != ENOENT ? -errno : 0;
}
