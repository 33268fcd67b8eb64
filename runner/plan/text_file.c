#include "plan/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int read_all(int fd, char *text, size_t *ret_length)
{
	size_t used = 0;
	ssize_t got;

	while ((got = read(fd, text + used, TEXT_FILE_BYTES_MOST + 1 - used)) != 0) {
		if (got == -1 && errno != EINTR)
			return -errno;
		used += got > 0 ? (size_t)got : 0;
		if (used > TEXT_FILE_BYTES_MOST)
			return -EFBIG;
	}
	text[used] = '\0';
	*ret_length = used;
	return 0;
}

int text_file_read(const char *path, char **ret, size_t *ret_length, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text;
	int status;

	if (fd == -1)
		return err_set_errno(err, errno, "cannot read %.300s", path);
	text = malloc(TEXT_FILE_BYTES_MOST + 2);
	status = text ? read_all(fd, text, ret_length) : err_no_memory(err);
	close(fd);
	if (status == -EFBIG)
		err_set(err, EFBIG, "cannot read %.300s: it is larger than 1 MiB", path);
	else if (text && status < 0)
		err_set_errno(err, -status, "cannot read %.300s", path);
	if (status < 0)
		free(text);
	else
		*ret = text;
	return status;
}
