#include "kernels/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kernels/version.h"

#define SCHEMA 1
#define MANIFEST_BYTES_MOST ((size_t)64 << 10)
#define NS_PER_S INT64_C(1000000000)

/* "%s" of jansson takes any text, so what becomes part of a name is checked. */
static int take_text(const char *text, char *ret, size_t size)
{
	if (!text || strlen(text) >= size || strpbrk(text, "/ \n\033"))
		return -EBADMSG;
	strcpy(ret, text);
	return 0;
}

static int parse_file(json_t *root, const char *name, struct manifest_file *ret)
{
	json_t *object = json_object_get(root, name);
	json_int_t bytes, modified_ns;
	const char *sha256;

	*ret = (struct manifest_file){0};
	if (json_is_null(object))
		return 0;
	if (json_unpack(object, "{s:I, s:I, s:s}", "bytes", &bytes, "modified_ns", &modified_ns, "sha256", &sha256) <
		    0 ||
	    bytes <= 0 || (uint64_t)bytes > CONTENT_BYTES_MOST ||
	    strspn(sha256, "0123456789abcdef") != SHA256_TEXT - 1 || sha256[SHA256_TEXT - 1])
		return -EBADMSG;
	ret->bytes = (uint64_t)bytes;
	ret->modified_ns = modified_ns;
	return take_text(sha256, ret->sha256, sizeof(ret->sha256));
}

static int parse_root(json_t *root, struct manifest *ret)
{
	const char *release, *version;
	int schema;

	if (json_unpack(root, "{s:i, s:s, s:s}", "schema", &schema, "release", &release, "version", &version) < 0 ||
	    schema != SCHEMA || take_text(release, ret->release, sizeof(ret->release)) < 0 ||
	    take_text(version, ret->version, sizeof(ret->version)) < 0 || (version[0] && !version_is_valid(version)))
		return -EBADMSG;
	if (parse_file(root, "vmlinuz", &ret->vmlinuz) < 0)
		return -EBADMSG;
	return parse_file(root, "vmlinux", &ret->vmlinux);
}

int manifest_parse(const char *text, size_t size, struct manifest *ret)
{
	struct manifest manifest = {0};
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	int status = root ? parse_root(root, &manifest) : -EBADMSG;

	json_decref(root);
	if (status == 0)
		*ret = manifest;
	return status;
}

int manifest_read(const char *directory, struct manifest *ret, struct err *err)
{
	char path[PATH_MAX];
	struct content text = {0};
	int status;

	if (snprintf(path, sizeof(path), "%s/" MANIFEST_NAME, directory) >= (int)sizeof(path))
		return err_set_errno(err, ENAMETOOLONG, "cannot read %s", directory);
	status = content_read(path, MANIFEST_BYTES_MOST, &text, err);
	if (status < 0)
		return status;
	status = manifest_parse((const char *)text.bytes, text.size, ret);
	content_free(&text);
	return status == 0 ? 0 : err_set(err, EBADMSG, "cannot use %s: it is damaged", path);
}

static json_t *format_file(const struct manifest_file *file)
{
	if (file->bytes == 0)
		return json_null();
	return json_pack("{s:I, s:I, s:s}", "bytes", (json_int_t)file->bytes, "modified_ns",
			 (json_int_t)file->modified_ns, "sha256", file->sha256);
}

char *manifest_format(const struct manifest *manifest)
{
	json_t *root = json_pack("{s:i, s:s, s:s, s:o, s:o}", "schema", SCHEMA, "release", manifest->release, "version",
				 manifest->version, "vmlinuz", format_file(&manifest->vmlinuz), "vmlinux",
				 format_file(&manifest->vmlinux));
	char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;

	json_decref(root);
	return text;
}

int manifest_stat(const char *path, struct manifest_file *ret)
{
	struct stat about;

	if (stat(path, &about) < 0)
		return -errno;
	ret->bytes = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
	ret->modified_ns = about.st_mtim.tv_sec * NS_PER_S + about.st_mtim.tv_nsec;
	return 0;
}

/* So that the next use need not compute the digest again. */
static void restore_time(const char *path, int64_t modified_ns)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
				    {.tv_sec = modified_ns / NS_PER_S, .tv_nsec = modified_ns % NS_PER_S}};

	utimensat(AT_FDCWD, path, times, 0);
}

int manifest_check(const char *path, const struct manifest_file *file, bool thorough, struct err *err)
{
	struct manifest_file seen = {0};
	char sha256[SHA256_TEXT];
	int status = manifest_stat(path, &seen);

	if (status < 0)
		return err_set_errno(err, -status, "cannot read %s", path);
	if (seen.bytes != file->bytes)
		return err_set(err, EBADMSG, "cannot use %s: it is damaged (it has %ju bytes instead of %ju)", path,
			       (uintmax_t)seen.bytes, (uintmax_t)file->bytes);
	if (!thorough && seen.modified_ns == file->modified_ns)
		return 0;
	status = content_digest_file(path, sha256, err);
	if (status < 0)
		return status;
	if (strcmp(sha256, file->sha256) != 0)
		return err_set(err, EBADMSG, "cannot use %s: it is damaged (its SHA-256 is not the recorded one)",
			       path);
	if (seen.modified_ns != file->modified_ns)
		restore_time(path, file->modified_ns);
	return 0;
}
