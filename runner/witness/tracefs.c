#include "witness/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static int mount_unseen(void)
{
	int context = fsopen("tracefs", FSOPEN_CLOEXEC);
	int fd, status;

	if (context == -1)
		return -errno;
	fd = fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == -1 ? -1 : fsmount(context, FSMOUNT_CLOEXEC, 0);
	status = fd == -1 ? -errno : fd;
	close(context);
	return status;
}

int tracefs_open(struct err *err)
{
	int fd = mount_unseen();

	if (fd == -ENODEV) {
		err_set(err, ENODEV, "cannot trace: this kernel has no tracefs (CONFIG_TRACING)");
	} else if (fd == -EPERM) {
		err_set(err, EPERM, "cannot trace: mounting tracefs is not permitted");
		err_advise(err, "tracing needs root");
	} else if (fd < 0) {
		err_set_errno(err, -fd, "cannot trace: cannot mount tracefs");
	}
	return fd;
}

static int write_file(int directory_fd, const char *path, const char *text, int flags)
{
	int fd = openat(directory_fd, path, O_WRONLY | O_CLOEXEC | flags);
	ssize_t length = (ssize_t)strlen(text);
	int status = 0;

	if (fd == -1)
		return -errno;
	if (write(fd, text, (size_t)length) != length)
		status = errno ? -errno : -EIO;
	close(fd);
	return status;
}

int tracefs_write(int directory_fd, const char *path, const char *text)
{
	return write_file(directory_fd, path, text, 0);
}

int tracefs_append(int directory_fd, const char *path, const char *text)
{
	return write_file(directory_fd, path, text, O_APPEND);
}
