#include "environment/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOR_OTHERS (S_IROTH | S_IXOTH)

static int copy_to_memory(int fd, size_t bytes)
{
	int copy = memfd_create("enomem-program", MFD_CLOEXEC);

	if (copy == -1)
		return -errno;
	while (bytes > 0) {
		ssize_t sent = sendfile(copy, fd, NULL, bytes);

		if (sent <= 0)
			break;
		bytes -= (size_t)sent;
	}
	if (bytes > 0 || fchmod(copy, 0555) == -1) {
		close(copy);
		return -EIO;
	}
	return copy;
}

int program_open(const struct catalogue *catalogue, const char *name, int *ret, struct err *err)
{
	char path[sizeof(catalogue->directory) + 128];
	struct stat status;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", catalogue->directory, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &status) == -1) {
		err_set_errno(err, errno, "cannot open %s", path);
		if (fd >= 0)
			close(fd);
		return err_advise(err, "build the project again, or set ENOMEM_LIBEXEC to where it is installed");
	}
	*ret = fd;
	if ((status.st_mode & FOR_OTHERS) == FOR_OTHERS)
		return 0;
	*ret = copy_to_memory(fd, (size_t)status.st_size);
	close(fd);
	if (*ret >= 0)
		return 0;
	err_set_errno(err, -*ret, "cannot copy %s for an unprivileged user", path);
	return err_advise(err, "make it readable and executable for others (chmod o+rx)");
}
