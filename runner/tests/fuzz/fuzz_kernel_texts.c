/* What the cache and apt say of kernels: manifests, package indices, complaints. Any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/apt_explain.h"
#include "kernels/manifest.h"
#include "kernels/package_index.h"
#include "kernels/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_manifest(const char *text, size_t size)
{
	struct manifest manifest;

	if (manifest_parse(text, size, &manifest) == 0 &&
	    (strchr(manifest.release, '/') || manifest.vmlinux.bytes > CONTENT_BYTES_MOST))
		abort();
}

static void try_index(const char *text, size_t size)
{
	struct package_index index = {0};
	struct err err = {0};

	if (package_index_parse(text, size, &index, &err) < 0)
		return;
	for (unsigned i = 0; i < index.count; i++) {
		const struct kernel_package *package = &index.packages[i];

		if (!version_is_valid(package->version) || strchr(package->release, '/') || package->bytes == 0 ||
		    (i > 0 && version_compare(index.packages[i - 1].version, package->version) < 0))
			abort();
	}
	package_index_free(&index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct err err = {0};

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	try_manifest(text, size);
	try_index(text, size);
	if (apt_explain(text, "fetch", &err) >= 0 || err.code <= 0)
		abort();
	free(text);
	return 0;
}
