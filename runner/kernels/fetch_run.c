/* Downloading and storing. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernels/cache.h"
#include "kernels/deb.h"
#include "kernels/fetch.h"
#include "kernels/find.h"
#include "run/scheduler.h"

/* Is this very package in the cache, and in order, both as fetched and as extracted? */
static bool is_present(const char *cache, struct fetch *fetch)
{
	char entry[PATH_MAX], path[PATH_MAX];
	struct manifest *manifest = &fetch->manifest;
	struct err ignored = {0};

	if (cache_entry_of_release(entry, cache, fetch->package->release, &ignored) < 0 ||
	    manifest_read(entry, manifest, &ignored) < 0 || strcmp(manifest->version, fetch->package->version) != 0)
		return false;
	if (cache_path(path, entry, "vmlinuz", &ignored) < 0 ||
	    manifest_check(path, &manifest->vmlinuz, true, &ignored) < 0)
		return false;
	return manifest->vmlinux.bytes == 0 || (cache_path(path, entry, "vmlinux", &ignored) == 0 &&
						manifest_check(path, &manifest->vmlinux, true, &ignored) == 0);
}

/* The downloaded file: NAME_VERSION_amd64.deb, in which apt escapes some characters. */
static int find_deb(const char *directory, const struct kernel_package *package, char ret[static PATH_MAX])
{
	char prefix[sizeof(package->name) + 1];
	DIR *files = opendir(directory);
	struct dirent *file;
	struct err ignored = {0};
	int status = -ENOENT;

	snprintf(prefix, sizeof(prefix), "%s_", package->name);
	while (files && status == -ENOENT && (file = readdir(files))) {
		if (strncmp(file->d_name, prefix, strlen(prefix)) == 0)
			status = cache_path(ret, directory, file->d_name, &ignored);
	}
	if (files)
		closedir(files);
	return status;
}

static int check_deb(const struct content *deb, const struct kernel_package *package, struct err *err)
{
	char sha256[SHA256_TEXT];

	content_digest(deb->bytes, deb->size, sha256);
	if (strcmp(sha256, package->sha256) == 0)
		return 0;
	err_set(err, EBADMSG, "cannot use package %s: its SHA-256 is not the one in the signed index", package->name);
	return err_advise(err, "nothing of it is kept; try again later");
}

/* The image must be the one that the package's name promises. */
static int store_image(const char *cache, struct fetch *fetch, const struct content *vmlinuz, struct err *err)
{
	const struct kernel_package *package = fetch->package;
	struct image image;
	int status = bzimage_parse(vmlinuz->bytes, vmlinuz->size, vmlinuz->size, package->name, &image, err);

	if (status == 0 && strcmp(image.release, package->release) != 0)
		return err_set(err, EBADMSG, "cannot use package %s: the kernel in it is %s", package->name,
			       image.release);
	if (status == 0)
		status = kernel_store(cache, vmlinuz, package->version, package->name, &fetch->manifest, err);
	return status;
}

static int store(const char *cache, struct fetch *fetch, const char *path, struct err *err)
{
	struct content deb = {0}, vmlinuz = {0};
	int status = content_read(path, CONTENT_BYTES_MOST, &deb, err);

	if (status == 0)
		status = check_deb(&deb, fetch->package, err);
	if (status == 0)
		status = deb_take_vmlinuz(&deb, fetch->package->name, &vmlinuz, err);
	content_free(&deb);
	remove(path);
	if (status == 0)
		status = store_image(cache, fetch, &vmlinuz, err);
	content_free(&vmlinuz);
	return status;
}

static unsigned list_missing(const char *cache, struct fetch *wanted, unsigned count, struct fetch **missing,
			     const struct kernel_package **packages)
{
	unsigned used = 0;

	for (unsigned i = 0; i < count && used < APT_DOWNLOADS_MOST; i++) {
		struct fetch *fetch = &wanted[i];

		if (fetch->state != FETCH_PENDING)
			continue;
		if (is_present(cache, fetch)) {
			fetch->state = FETCH_PRESENT;
			continue;
		}
		packages[used] = fetch->package;
		missing[used++] = fetch;
	}
	return used;
}

/* Two names may mean the same package, and apt is asked for it once. */
static unsigned without_duplicates(const struct kernel_package **packages, unsigned count)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++) {
		bool known = false;

		for (unsigned j = 0; j < kept; j++)
			known = known || packages[j] == packages[i];
		if (!known)
			packages[kept++] = packages[i];
	}
	return kept;
}

static void finish_one(const char *cache, const char *directory, struct fetch *fetch, const struct err *download)
{
	char path[PATH_MAX];
	int status;

	if (find_deb(directory, fetch->package, path) == 0) {
		status = store(cache, fetch, path, &fetch->err);
		fetch->state = status < 0 ? FETCH_FAILED : FETCH_STORED;
	} else if (is_present(cache, fetch)) {
		fetch->state = FETCH_STORED;
	} else {
		fetch->state = FETCH_FAILED;
		fetch->err = *download;
		if (!fetch->err.code)
			err_set(&fetch->err, EIO, "cannot fetch %s: apt-get did not leave the package", fetch->name);
	}
}

static void show_step(const struct apt *apt, const char *step, double percent)
{
	if (apt->progress && apt->progress->show)
		apt->progress->show(apt->progress->context, step, percent);
}

int fetch_run(const char *cache, struct fetch_session *session, struct fetch *wanted, unsigned count)
{
	struct fetch *missing[APT_DOWNLOADS_MOST];
	const struct kernel_package *packages[APT_DOWNLOADS_MOST];
	char directory[PATH_MAX];
	struct err download = {0};
	unsigned used = list_missing(cache, wanted, count, missing, packages);
	const char *what = used == 1 ? missing[0]->name : "the kernels";
	char text[300];
	int status;

	if (used == 0)
		return 0;
	snprintf(text, sizeof(text), "fetch %s", what);
	status = apt_download(&session->apt, packages, without_duplicates(packages, used), text, directory, &download);
	if (status == -EINTR)
		return status;
	for (unsigned i = 0; i < used; i++) {
		if (schedule_interrupted())
			return -EINTR;
		show_step(&session->apt, "unpack", 100.0 * i / used);
		finish_one(cache, directory, missing[i], &download);
	}
	return 0;
}
