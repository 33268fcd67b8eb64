/* The index as it is kept between two calls. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/package_index.h"

#define SCHEMA 1

static const char package_format[] = "{s:s, s:s, s:s, s:I, s:s, s:b, s:b}";

static json_t *package_to_json(const struct kernel_package *package)
{
	return json_pack(package_format, "package", package->name, "release", package->release, "version",
			 package->version, "bytes", (json_int_t)package->bytes, "sha256", package->sha256, "binary",
			 package->is_binary, "unsigned", package->is_unsigned);
}

json_t *package_index_to_json(const struct package_index *index, const char *origin)
{
	json_t *packages = json_array();

	for (unsigned i = 0; i < index->count; i++) {
		if (json_array_append_new(packages, package_to_json(&index->packages[i])) < 0) {
			json_decref(packages);
			return NULL;
		}
	}
	return json_pack("{s:i, s:s, s:I, s:b, s:o}", "schema", SCHEMA, "origin", origin, "fetched_s",
			 (json_int_t)index->fetched_s, "complete", index->is_complete, "packages", packages);
}

static bool take_text(const char *text, char *ret, size_t size)
{
	if (strlen(text) >= size)
		return false;
	strcpy(ret, text);
	return true;
}

static int package_from_json(json_t *object, struct kernel_package *ret)
{
	const char *name, *release, *version, *sha256;
	json_int_t bytes;
	int is_binary, is_unsigned;

	if (json_unpack(object, package_format, "package", &name, "release", &release, "version", &version, "bytes",
			&bytes, "sha256", &sha256, "binary", &is_binary, "unsigned", &is_unsigned) < 0 ||
	    bytes <= 0 || strncmp(name, "linux-", 6) != 0 || !take_text(name, ret->name, sizeof(ret->name)) ||
	    !take_text(release, ret->release, sizeof(ret->release)) ||
	    !take_text(version, ret->version, sizeof(ret->version)) ||
	    !take_text(sha256, ret->sha256, sizeof(ret->sha256)))
		return -EBADMSG;
	ret->bytes = (uint64_t)bytes;
	ret->is_binary = is_binary;
	ret->is_unsigned = is_unsigned;
	return 0;
}

static int packages_from_json(json_t *packages, struct package_index *index)
{
	size_t count = json_array_size(packages);

	index->packages = calloc(count ? count : 1, sizeof(*index->packages));
	if (!index->packages)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (package_from_json(json_array_get(packages, i), &index->packages[i]) < 0)
			return -EBADMSG;
	}
	index->count = (unsigned)count;
	return 0;
}

int package_index_from_json(json_t *root, const char *origin, struct package_index *ret)
{
	struct package_index index = {0};
	const char *from;
	json_int_t fetched_s;
	json_t *packages;
	int schema, is_complete, status;

	if (json_unpack(root, "{s:i, s:s, s:I, s:b, s:o}", "schema", &schema, "origin", &from, "fetched_s", &fetched_s,
			"complete", &is_complete, "packages", &packages) < 0 ||
	    schema != SCHEMA || strcmp(from, origin) != 0)
		return -EBADMSG;
	index.fetched_s = fetched_s;
	index.is_complete = is_complete;
	status = packages_from_json(packages, &index);
	if (status < 0)
		package_index_free(&index);
	else
		*ret = index;
	return status;
}
