#include "report/kernels.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "kernels/version.h"
#include "support/number.h"

static const char *source_name(const struct inventory_kernel *kernel)
{
	return kernel->source == KERNEL_FETCHED ? "cache" : "/boot";
}

static int wider(int width, const char *text)
{
	int length = (int)strlen(text);

	return length > width ? length : width;
}

static const char *format_boots(const struct inventory_kernel *kernel, char *buffer, size_t size)
{
	char bytes[32];

	if (kernel->damage[0])
		return "damaged";
	if (kernel->manifest.vmlinux.bytes == 0)
		return kernel->source == KERNEL_IN_BOOT ? "bzImage (vmlinux not extracted)" : "bzImage";
	number_format_bytes(kernel->manifest.vmlinux.bytes, bytes, sizeof(bytes));
	snprintf(buffer, size, "vmlinux, PVH, %s", bytes);
	return buffer;
}

void kernels_print(FILE *stream, const struct inventory *inventory)
{
	int name_width = (int)strlen("NAME"), release_width = (int)strlen("RELEASE");

	for (unsigned i = 0; i < inventory->count; i++) {
		name_width = wider(name_width, inventory->kernels[i].name);
		release_width = wider(release_width, inventory->kernels[i].manifest.release);
	}
	if (inventory->count)
		fprintf(stream, "%-*s  %-*s  SOURCE  %10s  BOOTS\n", name_width, "NAME", release_width, "RELEASE",
			"SIZE");
	for (unsigned i = 0; i < inventory->count; i++) {
		const struct inventory_kernel *kernel = &inventory->kernels[i];
		char bytes[32], boots[64];

		number_format_bytes(kernel->manifest.vmlinuz.bytes, bytes, sizeof(bytes));
		fprintf(stream, "%-*s  %-*s  %-6s  %10s  %s\n", name_width, kernel->name, release_width,
			kernel->manifest.release, source_name(kernel), bytes,
			format_boots(kernel, boots, sizeof(boots)));
	}
}

/* Is this very package in the cache? */
static bool is_fetched(const struct inventory *inventory, const struct kernel_package *package)
{
	for (unsigned i = 0; i < inventory->count; i++) {
		const struct inventory_kernel *kernel = &inventory->kernels[i];

		if (kernel->source == KERNEL_FETCHED && !kernel->damage[0] &&
		    strcmp(kernel->manifest.version, package->version) == 0 &&
		    strcmp(kernel->manifest.release, package->release) == 0)
			return true;
	}
	return false;
}

/* The last index of those with the same minor version as `first`. */
static unsigned last_of_minor(const struct package_index *index, unsigned first)
{
	char minor[DEBIAN_VERSION_SIZE], other[DEBIAN_VERSION_SIZE];
	unsigned last = first;

	version_minor(index->packages[first].version, minor, sizeof(minor));
	for (unsigned i = first + 1; i < index->count; i++) {
		version_minor(index->packages[i].version, other, sizeof(other));
		if (strcmp(minor, other) != 0)
			break;
		last = i;
	}
	return last;
}

static void print_minor(FILE *stream, const struct package_index *index, unsigned first, unsigned last, bool fetched)
{
	const struct kernel_package *newest = &index->packages[first];
	char minor[DEBIAN_VERSION_SIZE], name[DEBIAN_VERSION_SIZE + 8], bytes[32];

	version_minor(newest->version, minor, sizeof(minor));
	snprintf(name, sizeof(name), "debian:%s", minor);
	number_format_bytes(newest->bytes, bytes, sizeof(bytes));
	fprintf(stream, "%-14s  %-20s  %10s  %-7s ", name, newest->version, bytes, fetched ? "yes" : "no");
	for (unsigned i = first + 1; i <= last; i++)
		fprintf(stream, " %s", index->packages[i].version);
	fputc('\n', stream);
}

void kernels_print_available(FILE *stream, const struct package_index *index, const struct inventory *inventory)
{
	if (index->count)
		fprintf(stream, "%-14s  %-20s  %10s  FETCHED  OLDER\n", "AVAILABLE", "NEWEST", "DOWNLOAD");
	for (unsigned first = 0; first < index->count;) {
		unsigned last = last_of_minor(index, first);

		print_minor(stream, index, first, last, is_fetched(inventory, &index->packages[first]));
		first = last + 1;
	}
}

static json_t *kernel_json(const struct inventory_kernel *kernel)
{
	const struct manifest *manifest = &kernel->manifest;
	json_t *vmlinux = manifest->vmlinux.bytes ? json_integer((json_int_t)manifest->vmlinux.bytes) : json_null();
	json_t *damage = kernel->damage[0] ? json_string(kernel->damage) : json_null();
	json_t *version = manifest->version[0] ? json_string(manifest->version) : json_null();

	return json_pack("{s:s, s:s, s:o, s:s, s:s, s:I, s:o, s:o}", "name", kernel->name, "release", manifest->release,
			 "version", version, "source", source_name(kernel), "path", kernel->path, "bytes",
			 (json_int_t)manifest->vmlinuz.bytes, "vmlinux_bytes", vmlinux, "damage", damage);
}

static json_t *package_json(const struct kernel_package *package, const struct inventory *inventory)
{
	char name[DEBIAN_VERSION_SIZE + 8];

	snprintf(name, sizeof(name), "debian:%s", package->version);
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:b}", "name", name, "release", package->release, "version",
			 package->version, "package", package->name, "bytes", (json_int_t)package->bytes, "fetched",
			 is_fetched(inventory, package));
}

int kernels_print_json(FILE *stream, const struct inventory *inventory, const struct package_index *index)
{
	json_t *kernels = json_array(), *available = index ? json_array() : NULL;
	json_t *root;
	bool failed = false;

	for (unsigned i = 0; i < inventory->count; i++)
		failed = json_array_append_new(kernels, kernel_json(&inventory->kernels[i])) < 0 || failed;
	for (unsigned i = 0; index && i < index->count; i++)
		failed = json_array_append_new(available, package_json(&index->packages[i], inventory)) < 0 || failed;
	root = json_pack("{s:o, s:o*}", "kernels", kernels, "available", available);
	if (!root || failed) {
		json_decref(root);
		return -ENOMEM;
	}
	json_dumpf(root, stream, JSON_INDENT(2));
	fputc('\n', stream);
	json_decref(root);
	return 0;
}
