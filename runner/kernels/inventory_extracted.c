#include "kernels/cache.h"
#include "kernels/inventory.h"

static void look(const char *cache, struct inventory_kernel *kernel)
{
	char sha256[SHA256_TEXT], entry[PATH_MAX], vmlinux[PATH_MAX];
	struct manifest manifest;
	struct err ignored = {0};

	if (content_digest_file(kernel->path, sha256, &ignored) == 0 &&
	    cache_entry_of_image(entry, cache, sha256, &ignored) == 0 &&
	    manifest_read(entry, &manifest, &ignored) == 0 && manifest.vmlinux.bytes > 0 &&
	    cache_path(vmlinux, entry, "vmlinux", &ignored) == 0 &&
	    manifest_check(vmlinux, &manifest.vmlinux, false, &ignored) == 0)
		kernel->manifest.vmlinux = manifest.vmlinux;
}

void inventory_look_for_extracted(const char *cache, struct inventory *inventory)
{
	for (unsigned i = 0; i < inventory->count; i++) {
		if (inventory->kernels[i].source == KERNEL_IN_BOOT)
			look(cache, &inventory->kernels[i]);
	}
}
