#include "kernels/package_index.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/version.h"
#include "support/append.h"
#include "support/number.h"

#define PACKAGES_MOST 4096
#define FLAVOUR "-cloud-amd64"
#define UNSIGNED "unsigned"

static const char *after(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

static bool cut_suffix(char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	if (length <= tail || strcmp(text + length - tail, suffix) != 0)
		return false;
	text[length - tail] = '\0';
	return true;
}

/* What is too long becomes empty, which is not valid. */
static void copy_value(const char *value, size_t length, char *ret, size_t size)
{
	if (length >= size)
		length = 0;
	memcpy(ret, value, length);
	ret[length] = '\0';
}

/* Fill in what the name tells; false for a package without an image for us: debug symbols, metapackages. */
static bool take_name(struct kernel_package *package)
{
	const char *release = after(package->name, "linux-binary-");
	const char *unsigned_release;
	size_t length;

	package->is_binary = release != NULL;
	if (!release)
		release = after(package->name, "linux-image-");
	if (!release)
		return false;
	unsigned_release = after(release, UNSIGNED "-");
	copy_value(unsigned_release ? unsigned_release : release, strlen(unsigned_release ? unsigned_release : release),
		   package->release, sizeof(package->release));
	package->is_unsigned = unsigned_release || cut_suffix(package->release, "-" UNSIGNED);
	length = strlen(package->release);
	return version_is_valid(package->release) && length > strlen(FLAVOUR) &&
	       strcmp(package->release + length - strlen(FLAVOUR), FLAVOUR) == 0;
}

static void take_field(struct kernel_package *package, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	char size[24];
	size_t key;

	if (!colon || colon + 1 >= line + length || colon[1] != ' ')
		return;
	key = (size_t)(colon - line);
	length -= key + 2;
	if (key == 7 && memcmp(line, "Package", key) == 0)
		copy_value(colon + 2, length, package->name, sizeof(package->name));
	else if (key == 7 && memcmp(line, "Version", key) == 0)
		copy_value(colon + 2, length, package->version, sizeof(package->version));
	else if (key == 6 && memcmp(line, "SHA256", key) == 0)
		copy_value(colon + 2, length, package->sha256, sizeof(package->sha256));
	if (key != 4 || memcmp(line, "Size", key) != 0)
		return;
	copy_value(colon + 2, length, size, sizeof(size));
	if (number_parse(size, &package->bytes) < 0)
		package->bytes = 0;
}

static bool is_complete(const struct kernel_package *package)
{
	return version_is_valid(package->version) && package->bytes > 0 && package->bytes <= CONTENT_BYTES_MOST &&
	       strspn(package->sha256, "0123456789abcdef") == SHA256_TEXT - 1;
}

static int add(struct package_index *index, struct kernel_package *package, struct err *err)
{
	struct kernel_package *packages;

	if (!take_name(package))
		return 0;
	if (!is_complete(package))
		return err_set(err, EBADMSG, "cannot use the package index: %.100s lacks version, size or SHA-256",
			       package->name);
	if (index->count == PACKAGES_MOST)
		return err_set(err, EFBIG, "cannot use the package index: more than %d kernels", PACKAGES_MOST);
	packages = reallocarray(index->packages, index->count + 1, sizeof(*packages));
	if (!packages)
		return err_no_memory(err);
	index->packages = packages;
	packages[index->count++] = *package;
	return 0;
}

/* Newest first; of one release the newest version, the package with the image in it, the signed one. */
static int by_preference(const void *left, const void *right)
{
	const struct kernel_package *a = left, *b = right;
	int order = version_compare(b->version, a->version);

	if (!order)
		order = version_compare(b->release, a->release);
	if (!order)
		order = b->is_binary - a->is_binary;
	return order ? order : a->is_unsigned - b->is_unsigned;
}

static bool has_release(const struct package_index *index, const char *release)
{
	for (unsigned i = 0; i < index->count; i++) {
		if (strcmp(index->packages[i].release, release) == 0)
			return true;
	}
	return false;
}

static void keep_preferred(struct package_index *index)
{
	unsigned all = index->count;

	if (all > 0)
		qsort(index->packages, all, sizeof(*index->packages), by_preference);
	index->count = 0;
	for (unsigned i = 0; i < all; i++) {
		if (!has_release(index, index->packages[i].release))
			index->packages[index->count++] = index->packages[i];
	}
}

static int parse_stanzas(const char *text, size_t size, struct package_index *index, struct err *err)
{
	struct kernel_package package = {0};
	const char *end = text + size;
	int status = 0;

	while (text < end && status == 0) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);

		if (length > 0) {
			take_field(&package, text, length);
		} else {
			status = add(index, &package, err);
			package = (struct kernel_package){0};
		}
		text += length + (newline != NULL);
	}
	return status == 0 ? add(index, &package, err) : status;
}

int package_index_parse(const char *text, size_t size, struct package_index *ret, struct err *err)
{
	struct package_index index = {0};
	int status = parse_stanzas(text, size, &index, err);

	if (status < 0) {
		package_index_free(&index);
		return status;
	}
	keep_preferred(&index);
	*ret = index;
	return 0;
}

void package_index_free(struct package_index *index)
{
	free(index->packages);
	*index = (struct package_index){0};
}

const struct kernel_package *package_index_newest(const struct package_index *index, const char *version)
{
	for (unsigned i = 0; i < index->count; i++) {
		if (version_matches(index->packages[i].version, version))
			return &index->packages[i];
	}
	return NULL;
}

const char *package_index_minors(const struct package_index *index, char *buffer, size_t size)
{
	char minor[DEBIAN_VERSION_SIZE], last[DEBIAN_VERSION_SIZE] = "";

	buffer[0] = '\0';
	for (unsigned i = index->count; i-- > 0;) {
		version_minor(index->packages[i].version, minor, sizeof(minor));
		if (strcmp(minor, last) != 0)
			text_append(buffer, size, "%s%s", last[0] ? ", " : "", minor);
		strcpy(last, minor);
	}
	return buffer;
}
