#include "kernels/find.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/cache.h"
#include "kernels/extract.h"
#include "kernels/version.h"

static int set_result(struct kernel *ret, const char *release, const char *image, bool is_pvh, struct err *err)
{
	if (snprintf(ret->image, sizeof(ret->image), "%s", image) >= (int)sizeof(ret->image))
		return err_set_errno(err, ENAMETOOLONG, "cannot use %s", image);
	snprintf(ret->release, sizeof(ret->release), "%s", release);
	ret->is_pvh = is_pvh;
	return 0;
}

/* 1 when the entry holds what there is to say of the image, 0 when it has to be made. */
static int use_entry(const char *entry, const char *bzimage, struct kernel *ret, struct err *err)
{
	char vmlinux[PATH_MAX];
	struct manifest manifest;
	struct err ignored = {0};
	int status = cache_path(vmlinux, entry, "vmlinux", err);

	if (status < 0)
		return status;
	if (manifest_read(entry, &manifest, &ignored) < 0)
		return 0;
	if (manifest.vmlinux.bytes && manifest_check(vmlinux, &manifest.vmlinux, false, &ignored) < 0)
		return 0;
	status = set_result(ret, manifest.release, manifest.vmlinux.bytes ? vmlinux : bzimage, manifest.vmlinux.bytes,
			    err);
	return status < 0 ? status : 1;
}

static int make_entry(const char *entry, const struct content *bzimage, const struct image *image, const char *path,
		      struct err *err)
{
	struct manifest manifest = {0};
	struct content vmlinux;
	int status = extract_vmlinux(bzimage, image, path, &vmlinux, err);

	if (status < 0)
		return status;
	strcpy(manifest.release, image->release);
	strcpy(manifest.version, image->debian_version);
	status = cache_store(entry, &manifest, NULL, vmlinux.bytes ? &vmlinux : NULL, err);
	content_free(&vmlinux);
	return status;
}

static int find_bzimage(const char *cache, const char *path, const struct content *bzimage, const struct image *image,
			struct kernel *ret, struct err *err)
{
	char found_cache[PATH_MAX], entry[PATH_MAX], sha256[SHA256_TEXT];
	int status = 0;

	if (image->payload_bytes == 0)
		return set_result(ret, image->release, path, false, err);
	if (!cache)
		status = cache_find(found_cache, err);
	if (status < 0)
		return status;
	content_digest(bzimage->bytes, bzimage->size, sha256);
	status = cache_entry_of_image(entry, cache ? cache : found_cache, sha256, err);
	if (status == 0)
		status = use_entry(entry, path, ret, err);
	if (status != 0)
		return status < 0 ? status : 0;
	status = make_entry(entry, bzimage, image, path, err);
	if (status == 0)
		status = use_entry(entry, path, ret, err);
	if (status == 0)
		return err_set(err, EBADMSG, "cannot use %s: it changed while it was made", entry);
	return status < 0 ? status : 0;
}

static int find_vmlinux(const char *path, const struct image *image, struct kernel *ret, struct err *err)
{
	if (image->is_pvh)
		return set_result(ret, image->release, path, true, err);
	err_set(err, ENOEXEC, "cannot use %s as a kernel: QEMU cannot start it, it has no PVH entry (CONFIG_PVH)",
		path);
	return err_advise(err, "give the bzImage of the same build, arch/x86/boot/bzImage");
}

/* Paths are made absolute: whoever starts QEMU may be in another directory. */
static int find_path(const char *cache, const char *path, struct kernel *ret, struct err *err)
{
	struct content content = {0};
	struct image image;
	char *absolute;
	int status = content_read(path, CONTENT_BYTES_MOST, &content, err);

	if (status < 0)
		return status;
	status = image_parse(content.bytes, content.size, path, &image, err);
	absolute = status == 0 ? realpath(path, NULL) : NULL;
	if (status == 0 && !absolute)
		status = err_set_errno(err, errno, "cannot read %s", path);
	else if (status == 0 && image.kind == IMAGE_VMLINUX)
		status = find_vmlinux(absolute, &image, ret, err);
	else if (status == 0)
		status = find_bzimage(cache, absolute, &content, &image, ret, err);
	free(absolute);
	content_free(&content);
	return status;
}

/* The vmlinux is damaged, or the manifest says that there is none: what was fetched decides. */
static int remake_fetched(const char *cache, const struct inventory_kernel *found, struct err *err)
{
	const struct manifest *manifest = &found->manifest;
	struct content vmlinuz = {0};
	int status = manifest_check(found->path, &manifest->vmlinuz, true, err);

	if (status == 0)
		status = content_read(found->path, CONTENT_BYTES_MOST, &vmlinuz, err);
	if (status == 0)
		status = kernel_store(cache, &vmlinuz, manifest->version, found->path, NULL, err);
	content_free(&vmlinuz);
	if (status == -EBADMSG || status == -ENOENT)
		err_advise(err, "`enomem kernels fetch debian:%s` fetches it again", manifest->version);
	return status;
}

static int find_fetched(const char *cache, const struct inventory_kernel *found, struct kernel *ret, struct err *err)
{
	int status = found->damage[0] ? 0 : use_entry(found->entry, found->path, ret, err);

	if (status != 0)
		return status < 0 ? status : 0;
	status = remake_fetched(cache, found, err);
	if (status == 0)
		status = use_entry(found->entry, found->path, ret, err);
	if (status == 0)
		return err_set(err, EBADMSG, "cannot use %s: it changed while it was made", found->entry);
	return status < 0 ? status : 0;
}

static int find_debian(const char *cache, const char *boot, const char *version, struct kernel *ret, struct err *err)
{
	char found_cache[PATH_MAX];
	struct inventory inventory = {0};
	const struct inventory_kernel *found;
	int status = cache ? 0 : cache_find(found_cache, err);

	if (!cache)
		cache = found_cache;
	if (status == 0)
		status = inventory_read(cache, boot, &inventory, err);
	if (status < 0)
		return status;
	found = inventory_newest(&inventory, version);
	if (!found) {
		err_set(err, ENOENT, "cannot find kernel debian:%s: it is not fetched", version);
		status = err_advise(err, "`enomem kernels fetch debian:%s`; `enomem kernels list` shows what is here",
				    version);
	} else if (found->source == KERNEL_IN_BOOT) {
		status = find_path(cache, found->path, ret, err);
	} else {
		status = find_fetched(cache, found, ret, err);
	}
	inventory_free(&inventory);
	return status;
}

int kernel_debian_version(const char *name, const char **ret, struct err *err)
{
	*ret = NULL;
	if (strncmp(name, KERNEL_DEBIAN_PREFIX, strlen(KERNEL_DEBIAN_PREFIX)) != 0)
		return 0;
	name += strlen(KERNEL_DEBIAN_PREFIX);
	if (!version_is_valid(name) || strlen(name) >= DEBIAN_VERSION_SIZE) {
		err_set(err, EINVAL, "cannot understand kernel \"debian:%.80s\": that is no version", name);
		return err_advise(err, "write for instance debian:6.12 or debian:7.2.13");
	}
	*ret = name;
	return 0;
}

static void advise_name(const char *name, struct err *err)
{
	if (strchr(name, '/') || err->code != ENOENT)
		return;
	if (isdigit((unsigned char)name[0]) && version_is_valid(name))
		err_advise(err, "did you mean debian:%s?", name);
	else
		err_advise(err, "a kernel is named debian:VERSION, or by the path of a bzImage or vmlinux");
}

int kernel_find_in(const char *cache, const char *boot, const char *name, struct kernel *ret, struct err *err)
{
	struct kernel kernel = {0};
	const char *version;
	int status = kernel_debian_version(name, &version, err);

	if (status < 0)
		return status;
	if (!name[0])
		return err_set(err, EINVAL, "cannot find a kernel without a name");
	if (snprintf(kernel.name, sizeof(kernel.name), "%s", name) >= (int)sizeof(kernel.name))
		return err_set_errno(err, ENAMETOOLONG, "cannot use kernel %s", name);
	if (version)
		status = find_debian(cache, boot, version, &kernel, err);
	else
		status = find_path(cache, name, &kernel, err);
	if (status < 0 && !version)
		advise_name(name, err);
	if (status == 0)
		*ret = kernel;
	return status;
}

int kernel_find(const char *name, struct kernel *ret, struct err *err)
{
	return kernel_find_in(NULL, KERNEL_BOOT_DIRECTORY, name, ret, err);
}
