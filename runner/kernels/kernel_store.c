#include <errno.h>
#include <string.h>

#include "kernels/cache.h"
#include "kernels/extract.h"
#include "kernels/find.h"

int kernel_store(const char *cache, const struct content *bzimage, const char *version, const char *name,
		 struct manifest *ret, struct err *err)
{
	struct manifest manifest = {0};
	struct content vmlinux = {0};
	struct image image;
	char entry[PATH_MAX];
	int status = bzimage_parse(bzimage->bytes, bzimage->size, bzimage->size, name, &image, err);

	if (status == 0)
		status = cache_entry_of_release(entry, cache, image.release, err);
	if (status == 0)
		status = extract_vmlinux(bzimage, &image, name, &vmlinux, err);
	if (status < 0)
		return status;
	strcpy(manifest.release, image.release);
	strncpy(manifest.version, version, sizeof(manifest.version) - 1);
	status = cache_store(entry, &manifest, bzimage, vmlinux.bytes ? &vmlinux : NULL, err);
	content_free(&vmlinux);
	if (status == 0 && ret)
		*ret = manifest;
	return status;
}
