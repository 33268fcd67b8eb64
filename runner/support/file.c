#include "support/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/types.h>
#include <unistd.h>

#define PIECE_BYTES (64 * 1024)

static int open_at(int root_fd, const char *path, struct err *err)
{
	int fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd >= 0 ? fd : err_set_errno(err, errno, "cannot read /%s", path);
}

/* Files of seq_file give about a page per read, so only 0 means the end. */
static ssize_t read_some(int fd, char *buffer, size_t size)
{
	ssize_t got;

	do
		got = read(fd, buffer, size);
	while (got < 0 && errno == EINTR);
	return got >= 0 ? got : -errno;
}

/* Fill `buffer`, or stop at the end of the file. Returns the bytes read. */
static ssize_t read_full(int fd, char *buffer, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = read_some(fd, buffer + used, size - used);

		if (got < 0)
			return got;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

static int read_whole(int fd, const char *path, char *buffer, size_t size, size_t *ret_length, struct err *err)
{
	ssize_t length = read_full(fd, buffer, size - 1);
	char beyond;
	ssize_t more = length < 0 ? 0 : read_full(fd, &beyond, 1);

	if (length < 0 || more < 0)
		return err_set_errno(err, (int)-(length < 0 ? length : more), "cannot read /%s", path);
	if (more > 0)
		return err_set(err, EFBIG, "cannot read /%s: it has more than %zu bytes", path, size - 1);
	buffer[length] = '\0';
	if (ret_length)
		*ret_length = (size_t)length;
	return 0;
}

int file_read_at(int root_fd, const char *path, char *buffer, size_t size, size_t *ret_length, struct err *err)
{
	if (size == 0)
		return err_set(err, EINVAL, "cannot read /%s: no room to read into", path);
	buffer[0] = '\0';

	int fd = open_at(root_fd, path, err);

	if (fd < 0)
		return fd;

	int status = read_whole(fd, path, buffer, size, ret_length, err);

	if (status < 0)
		buffer[0] = '\0';
	close(fd);
	return status;
}

static size_t skip_blanks(const char *text, size_t at)
{
	while (text[at] == ' ' || text[at] == '\t' || text[at] == '\n')
		at++;
	return at;
}

int file_read_u64_at(int root_fd, const char *path, uint64_t *ret, struct err *err)
{
	char text[64];
	size_t length = 0;
	int status = file_read_at(root_fd, path, text, sizeof(text), &length, err);

	if (status < 0)
		return status;

	size_t first = skip_blanks(text, 0);
	size_t at = first;
	uint64_t value = 0;
	bool fits = true;

	for (; text[at] >= '0' && text[at] <= '9'; at++)
		fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
		       !__builtin_add_overflow(value, (uint64_t)(text[at] - '0'), &value);
	if (!fits || at == first || skip_blanks(text, at) != length)
		return err_set(err, EINVAL, "cannot read /%s: it holds no single number", path);
	*ret = value;
	return 0;
}

int file_read_pieces_at(int root_fd, const char *path, file_piece_fn take, void *context, struct err *err)
{
	char piece[PIECE_BYTES];
	ssize_t got;
	int fd = open_at(root_fd, path, err);

	if (fd < 0)
		return fd;
	while ((got = read_some(fd, piece, sizeof(piece))) > 0)
		take(context, piece, (size_t)got);
	close(fd);
	return got == 0 ? 0 : err_set_errno(err, (int)-got, "cannot read /%s", path);
}
