#include "compare/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM_FIRST ((size_t)256 << 10)

static int cannot_read(const char *path, int code, struct err *err)
{
	err_set_errno(err, code, "cannot read %s", path);
	return err_advise(err, "give a file that `enomem run -o FILE` wrote");
}

int lines_open(const char *path, struct lines *ret, struct err *err)
{
	*ret = (struct lines){.name = path};
	ret->fd = open(path, O_RDONLY | O_CLOEXEC);
	return ret->fd < 0 ? cannot_read(path, errno, err) : 0;
}

void lines_close(struct lines *lines)
{
	if (lines->fd >= 0)
		close(lines->fd);
	free(lines->buffer);
	*lines = (struct lines){.fd = -1};
}

/* What was given goes; what is left of the buffer moves to its front. */
static void drop_given(struct lines *lines)
{
	memmove(lines->buffer, lines->buffer + lines->begin, lines->used - lines->begin);
	lines->used -= lines->begin;
	lines->scanned -= lines->begin;
	lines->begin = 0;
}

static int make_room(struct lines *lines, struct err *err)
{
	size_t room = lines->room ? 2 * lines->room : ROOM_FIRST;
	char *larger;

	if (lines->used < lines->room)
		return 0;
	/* Moved only when that makes half of the room free: so each byte is moved a few times at most. */
	if (lines->begin > lines->room / 2) {
		drop_given(lines);
		return 0;
	}
	larger = realloc(lines->buffer, room);
	if (!larger)
		return err_no_memory(err);
	lines->buffer = larger;
	lines->room = room;
	return 0;
}

static int read_more(struct lines *lines, struct err *err)
{
	int status;
	ssize_t got;

	if (lines->used - lines->begin > LINE_BYTES_MOST) {
		err_set(err, EFBIG, "cannot read %s: line %" PRIu64 " is longer than %zu MiB", lines->name,
			lines->number + 1, LINE_BYTES_MOST >> 20);
		return err_advise(err, "give a file that `enomem run -o FILE` wrote");
	}
	status = make_room(lines, err);
	if (status < 0)
		return status;
	do
		got = read(lines->fd, lines->buffer + lines->used, lines->room - lines->used);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return cannot_read(lines->name, errno, err);
	lines->used += (size_t)got;
	lines->ended = got == 0;
	return 0;
}

/* The line up to `end`; the next one begins `skip` bytes behind it. */
static int give(struct lines *lines, size_t end, size_t skip, struct line *ret)
{
	*ret = (struct line){lines->buffer + lines->begin, end - lines->begin, skip > 0};
	lines->begin = lines->scanned = end + skip;
	lines->number++;
	return 1;
}

int lines_next(struct lines *lines, struct line *ret, struct err *err)
{
	for (;;) {
		size_t left = lines->used - lines->scanned;
		const char *end = left ? memchr(lines->buffer + lines->scanned, '\n', left) : NULL;
		int status;

		if (end)
			return give(lines, (size_t)(end - lines->buffer), 1, ret);
		lines->scanned = lines->used;
		if (lines->ended)
			return lines->used > lines->begin ? give(lines, lines->used, 0, ret) : 0;
		status = read_more(lines, err);
		if (status < 0)
			return status;
	}
}
