#include "kernels/inventory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/cache.h"
#include "kernels/version.h"

#define ENTRY_PREFIX "debian-"
#define IMAGE_PREFIX "vmlinuz-"

static bool begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Of Debian's flavours the ones that behave as others do: the real-time one does not. */
static bool is_plain_flavour(const char *release)
{
	size_t length = strlen(release);

	return length > 6 && strcmp(release + length - 6, "-amd64") == 0 && !strstr(release, "-rt-amd64");
}

static struct inventory_kernel *add(struct inventory *inventory)
{
	struct inventory_kernel *kernels =
		reallocarray(inventory->kernels, inventory->count + 1, sizeof(*inventory->kernels));

	if (!kernels)
		return NULL;
	inventory->kernels = kernels;
	memset(&kernels[inventory->count], 0, sizeof(*kernels));
	return &kernels[inventory->count++];
}

/* Looks at size and time alone, as each use of it does. */
static void look_at_images(struct inventory_kernel *kernel)
{
	const struct manifest *manifest = &kernel->manifest;
	char vmlinux[PATH_MAX];
	struct err err = {0};
	int status = cache_path(vmlinux, kernel->entry, "vmlinux", &err);

	if (status == 0)
		status = manifest_check(kernel->path, &manifest->vmlinuz, false, &err);
	if (status == 0 && manifest->vmlinux.bytes)
		status = manifest_check(vmlinux, &manifest->vmlinux, false, &err);
	if (status < 0)
		snprintf(kernel->damage, sizeof(kernel->damage), "%s", err.text);
}

static int take_entry(struct inventory *inventory, const char *parent, const char *name, struct err *err)
{
	struct inventory_kernel *kernel;
	struct err reason = {0};

	if (!begins_with(name, ENTRY_PREFIX))
		return 0;
	kernel = add(inventory);
	if (!kernel)
		return err_no_memory(err);
	if (cache_path(kernel->entry, parent, name, &reason) < 0 ||
	    cache_path(kernel->path, kernel->entry, "vmlinuz", &reason) < 0 ||
	    manifest_read(kernel->entry, &kernel->manifest, &reason) < 0) {
		snprintf(kernel->damage, sizeof(kernel->damage), "%s", reason.text);
		snprintf(kernel->manifest.release, sizeof(kernel->manifest.release), "%s", name + strlen(ENTRY_PREFIX));
		return 0;
	}
	kernel->is_debian = kernel->manifest.version[0] != '\0';
	look_at_images(kernel);
	return 0;
}

static int take_boot_image(struct inventory *inventory, const char *parent, const char *name, struct err *err)
{
	struct content head = {0};
	struct image image = {0};
	struct inventory_kernel *kernel;
	struct err reason = {0};
	char path[PATH_MAX];
	size_t file_bytes = 0;
	int status;

	if (!begins_with(name, IMAGE_PREFIX) || cache_path(path, parent, name, &reason) < 0)
		return 0;
	status = content_read_head(path, BZIMAGE_HEAD_BYTES, &head, &file_bytes, &reason);
	if (status == -EACCES || status == -EPERM)
		inventory->unreadable++;
	if (status == 0)
		status = bzimage_parse(head.bytes, head.size, file_bytes, path, &image, &reason);
	content_free(&head);
	if (status < 0)
		return 0;
	kernel = add(inventory);
	if (!kernel)
		return err_no_memory(err);
	kernel->source = KERNEL_IN_BOOT;
	strcpy(kernel->path, path);
	strcpy(kernel->manifest.release, image.release);
	strcpy(kernel->manifest.version, image.debian_version);
	kernel->manifest.vmlinuz.bytes = file_bytes;
	kernel->is_debian = version_is_valid(image.debian_version) && is_plain_flavour(image.release);
	return 0;
}

typedef int (*take_fn)(struct inventory *inventory, const char *parent, const char *name, struct err *err);

static int take_directory(struct inventory *inventory, const char *path, take_fn take, struct err *err)
{
	DIR *directory = opendir(path);
	struct dirent *found;
	int status = 0;

	while (directory && status == 0 && (found = readdir(directory)))
		status = take(inventory, path, found->d_name, err);
	if (directory)
		closedir(directory);
	return status;
}

static int newest_first(const void *left, const void *right)
{
	const struct inventory_kernel *a = left, *b = right;
	const char *a_version = a->manifest.version[0] ? a->manifest.version : a->manifest.release;
	const char *b_version = b->manifest.version[0] ? b->manifest.version : b->manifest.release;
	int order = version_compare(b_version, a_version);

	if (!order)
		order = (int)a->source - (int)b->source;
	return order ? order : strcmp(b->manifest.release, a->manifest.release);
}

/* "debian:7.2.13"; with the revision when a newer one has that name; the path when another has that as well. */
static void give_name(struct inventory *inventory, struct inventory_kernel *kernel)
{
	char upstream[DEBIAN_VERSION_SIZE];
	const char *names[] = {upstream, kernel->manifest.version};

	version_upstream(kernel->manifest.version, upstream, sizeof(upstream));
	for (size_t i = 0; kernel->is_debian && i < 2; i++) {
		if (inventory_newest(inventory, names[i]) != kernel)
			continue;
		snprintf(kernel->name, sizeof(kernel->name), "debian:%s", names[i]);
		return;
	}
	strcpy(kernel->name, kernel->path);
}

int inventory_read(const char *cache, const char *boot, struct inventory *ret, struct err *err)
{
	struct inventory inventory = {0};
	char fetched[PATH_MAX];
	int status = cache_path(fetched, cache, "kernels", err);

	if (status == 0)
		status = take_directory(&inventory, fetched, take_entry, err);
	if (status == 0)
		status = take_directory(&inventory, boot, take_boot_image, err);
	if (status < 0) {
		inventory_free(&inventory);
		return status;
	}
	if (inventory.count)
		qsort(inventory.kernels, inventory.count, sizeof(*inventory.kernels), newest_first);
	for (unsigned i = 0; i < inventory.count; i++)
		give_name(&inventory, &inventory.kernels[i]);
	*ret = inventory;
	return 0;
}

void inventory_free(struct inventory *inventory)
{
	free(inventory->kernels);
	*inventory = (struct inventory){0};
}

const struct inventory_kernel *inventory_newest(const struct inventory *inventory, const char *version)
{
	const struct inventory_kernel *damaged = NULL;

	for (unsigned i = 0; i < inventory->count; i++) {
		const struct inventory_kernel *kernel = &inventory->kernels[i];

		if (!kernel->is_debian || !version_matches(kernel->manifest.version, version))
			continue;
		if (!kernel->damage[0])
			return kernel;
		if (!damaged)
			damaged = kernel;
	}
	return damaged;
}
