#include "report/baseline_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/baseline.h"

static int cannot_write(const struct baseline_file *file, int code, struct err *err)
{
	err_set_errno(err, code, "cannot write baseline %s", file->path);
	return err_advise(err, "choose another file with --baseline");
}

/* It is put in the place of what is there, so that may be a file or nothing. */
static int check_place(const struct baseline_file *file, struct err *err)
{
	const char *slash = strrchr(file->path, '/');
	char directory[PATH_MAX];
	struct stat status;

	if (stat(file->path, &status) == 0 && !S_ISREG(status.st_mode)) {
		err_set(err, EINVAL, "cannot write baseline %s: it is not a regular file", file->path);
		return err_advise(err, "choose another file with --baseline");
	}
	if (strlen(file->path) > sizeof(directory) - 32)
		return cannot_write(file, ENAMETOOLONG, err);
	snprintf(directory, sizeof(directory), "%.*s", slash ? (int)(slash - file->path + 1) : 1,
		 slash ? file->path : ".");
	if (!*file->path || (slash && !slash[1]))
		return cannot_write(file, ENOENT, err);
	return access(directory, W_OK | X_OK) == 0 ? 0 : cannot_write(file, errno, err);
}

int baseline_file_begin(const char *path, const char *command, unsigned count, struct baseline_file *ret,
			struct err *err)
{
	int status;

	*ret = (struct baseline_file){.path = path, .command = command};
	status = check_place(ret, err);
	if (status < 0)
		return status;
	ret->cells = json_array();
	for (unsigned i = 0; i < count; i++) {
		if (json_array_append_new(ret->cells, json_null()) < 0)
			return err_no_memory(err);
	}
	return ret->cells ? 0 : err_no_memory(err);
}

void baseline_file_free(struct baseline_file *file)
{
	json_decref(file->cells);
	file->cells = NULL;
}

static void note_unfit(struct baseline_file *file, const json_t *result, const char *why)
{
	if (file->unfit++)
		return;
	snprintf(file->first, sizeof(file->first), "%s [%s] is %s",
		 json_string_value(json_object_get(result, "scenario")),
		 json_string_value(json_object_get(result, "configuration")), why);
}

int baseline_file_add(struct baseline_file *file, unsigned index, const json_t *result, struct err *err)
{
	const char *why = baseline_unfit(result);
	json_t *cell;

	if (why)
		note_unfit(file, result, why);
	cell = baseline_cell(result);
	if (!cell || json_array_set_new(file->cells, index, cell) < 0)
		return err_no_memory(err);
	file->count++;
	return 0;
}

static int check_whole(const struct baseline_file *file, struct err *err)
{
	if (file->count < json_array_size(file->cells))
		return err_set(err, ECANCELED, "cannot write baseline %s: only %u of %zu cells have ended", file->path,
			       file->count, json_array_size(file->cells));
	if (!file->unfit)
		return 0;
	err_set(err, ECANCELED, "cannot write baseline %s: %s%s", file->path, file->first,
		file->unfit > 1 ? ", and others" : "");
	return err_advise(err, "a baseline has only cells that measure the same each time: run it again");
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), status = 0;

	if (fd == -1)
		return -errno;
	for (size_t length = strlen(text); length && status == 0;) {
		ssize_t written = write(fd, text, length);

		if (written == -1 && errno != EINTR)
			status = -errno;
		if (written > 0) {
			text += written;
			length -= (size_t)written;
		}
	}
	if (status == 0 && fsync(fd) == -1)
		status = -errno;
	if (close(fd) == -1 && status == 0)
		status = -errno;
	return status;
}

/* A link stays one: what it points to is replaced. */
static int replace(const char *path, const char *text)
{
	char target[PATH_MAX], beside[PATH_MAX + 32];
	int status;

	if (!realpath(path, target))
		snprintf(target, sizeof(target), "%s", path);
	snprintf(beside, sizeof(beside), "%s.new-%d", target, (int)getpid());
	status = write_text(beside, text);
	if (status == 0 && rename(beside, target) == -1)
		status = -errno;
	if (status < 0 && status != -EEXIST)
		unlink(beside);
	return status;
}

int baseline_file_write(const struct baseline_file *file, struct err *err)
{
	int status = check_whole(file, err);
	char *text;

	if (status < 0)
		return status;
	text = baseline_text(file->command, file->cells);
	if (!text)
		return err_no_memory(err);
	status = replace(file->path, text);
	free(text);
	return status < 0 ? cannot_write(file, -status, err) : 0;
}
