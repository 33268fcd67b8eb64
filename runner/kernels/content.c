#include "kernels/content.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (256 * 1024)

/* O_NONBLOCK: a FIFO must not make us wait for its writer. */
static int open_regular(const char *path, size_t *ret_size, struct err *err)
{
	struct stat about;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return err_set_errno(err, errno, "cannot read %s", path);
	if (fstat(fd, &about) < 0) {
		err_set_errno(err, errno, "cannot read %s", path);
	} else if (S_ISDIR(about.st_mode)) {
		err_set_errno(err, EISDIR, "cannot read %s", path);
	} else if (!S_ISREG(about.st_mode)) {
		err_set(err, EINVAL, "cannot read %s: it is no regular file", path);
	} else {
		*ret_size = (size_t)about.st_size;
		return fd;
	}
	close(fd);
	return -err->code;
}

static ssize_t read_full(int fd, unsigned char *bytes, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = read(fd, bytes + used, size - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

/* Read `size` bytes; when the file has meanwhile become shorter, those that are left. */
static int read_all(int fd, const char *path, size_t size, struct content *ret, struct err *err)
{
	ssize_t got;

	*ret = (struct content){0};
	if (size == 0)
		return 0;
	ret->bytes = malloc(size);
	if (!ret->bytes)
		return err_no_memory(err);
	got = read_full(fd, ret->bytes, size);
	if (got < 0) {
		content_free(ret);
		return err_set_errno(err, (int)-got, "cannot read %s", path);
	}
	ret->size = (size_t)got;
	return 0;
}

int content_read(const char *path, size_t most, struct content *ret, struct err *err)
{
	size_t size = 0;
	int fd = open_regular(path, &size, err);
	int status;

	if (fd < 0)
		return fd;
	if (size > most)
		status = err_set(err, EFBIG, "cannot read %s: it has %zu MiB, more than %zu", path, size >> 20,
				 most >> 20);
	else
		status = read_all(fd, path, size, ret, err);
	close(fd);
	return status;
}

int content_read_head(const char *path, size_t most, struct content *ret, size_t *ret_file_bytes, struct err *err)
{
	size_t size = 0;
	int fd = open_regular(path, &size, err);
	int status;

	if (fd < 0)
		return fd;
	*ret_file_bytes = size;
	status = read_all(fd, path, size < most ? size : most, ret, err);
	close(fd);
	return status;
}

void content_free(struct content *content)
{
	free(content->bytes);
	*content = (struct content){0};
}

static void finish_digest(struct sha256_ctx *state, char ret[static SHA256_TEXT])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(state, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

void content_digest(const void *bytes, size_t size, char ret[static SHA256_TEXT])
{
	struct sha256_ctx state;

	sha256_init(&state);
	if (size > 0)
		sha256_update(&state, size, bytes);
	finish_digest(&state, ret);
}

int content_digest_file(const char *path, char ret[static SHA256_TEXT], struct err *err)
{
	struct sha256_ctx state;
	unsigned char *piece = malloc(PIECE_BYTES);
	size_t size = 0;
	ssize_t got;
	int fd;

	if (!piece)
		return err_no_memory(err);
	fd = open_regular(path, &size, err);
	if (fd < 0) {
		free(piece);
		return fd;
	}
	sha256_init(&state);
	while ((got = read_full(fd, piece, PIECE_BYTES)) > 0)
		sha256_update(&state, (size_t)got, piece);
	close(fd);
	free(piece);
	if (got < 0)
		return err_set_errno(err, (int)-got, "cannot read %s", path);
	finish_digest(&state, ret);
	return 0;
}
