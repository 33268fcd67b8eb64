#include "report/json_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/result_json.h"

int json_lines_open(const char *path, struct json_lines *ret, struct err *err)
{
	*ret = (struct json_lines){
		.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), .name = path, .can_cut = true};
	if (ret->fd >= 0)
		return 0;
	err_set_errno(err, errno, "cannot write %s", path);
	return err_advise(err, "choose another file with -o");
}

void json_lines_attach(int fd, const char *name, struct json_lines *ret)
{
	struct stat status;
	bool appends = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
	off_t start = lseek(fd, 0, SEEK_CUR);

	*ret = (struct json_lines){.fd = fd, .name = name};
	/* A pipe or a terminal cannot be cut, and a file only back to what was in it before. */
	if (start < 0 || fstat(fd, &status) == -1 || !S_ISREG(status.st_mode))
		return;
	ret->can_cut = true;
	ret->bytes = (uint64_t)(appends ? status.st_size : start);
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, text, length);

		if (written == -1 && errno == EINTR)
			continue;
		if (written == -1)
			return -errno;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

static int fail(struct json_lines *output, int status, struct err *err)
{
	output->failed = true;
	/* A line that is cut off would look like a damaged file. */
	if (output->can_cut && ftruncate(output->fd, (off_t)output->bytes) == -1)
		output->can_cut = false;
	err_set_errno(err, -status, "cannot write %s", output->name);
	return err_advise(err, "%u finished results are in it", output->lines);
}

int json_lines_add(struct json_lines *output, const struct result *result, struct err *err)
{
	json_t *json;
	char *text;
	size_t length;
	int status;

	if (output->failed)
		return 0;
	json = result_to_json(result);
	text = json ? json_dumps(json, 0) : NULL;
	json_decref(json);
	if (!text)
		return err_no_memory(err);
	length = strlen(text);
	text[length] = '\n';
	status = write_all(output->fd, text, length + 1);
	free(text);
	if (status < 0)
		return fail(output, status, err);
	output->bytes += length + 1;
	output->lines++;
	return 0;
}

int json_lines_close(struct json_lines *output, struct err *err)
{
	int fd = output->fd;

	output->fd = -1;
	if (fd < 0 || close(fd) == 0 || output->failed)
		return 0;
	return err_set_errno(err, errno, "cannot write %s", output->name);
}
