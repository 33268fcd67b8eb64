#include "host/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int open_file(const char *file, int flags)
{
	char path[96];
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "/proc/sys/%s", file) >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, flags | O_CLOEXEC);
	return fd == -1 ? -errno : fd;
}

int sysctl_read(const char *file, char value[SYSCTL_VALUE_BYTES])
{
	int fd = open_file(file, O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return fd;
	got = read(fd, value, SYSCTL_VALUE_BYTES - 1);
	close(fd);
	if (got < 0)
		return -errno;
	value[got] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return value[0] && strspn(value, "0123456789") == strlen(value) ? 0 : -EINVAL;
}

int sysctl_write(const char *file, const char *value)
{
	int fd = open_file(file, O_WRONLY);
	int status = 0;

	if (fd < 0)
		return fd;
	if (write(fd, value, strlen(value)) == -1)
		status = -errno;
	close(fd);
	return status;
}
