/* Finding kernels in a cache and a boot directory made for it; extracted ones are kept, verified, and made again. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernels/cache.h"
#include "kernels/find.h"
#include "lib/kernel_images.h"

static char directory[] = "/tmp/enomem-test-kernels-XXXXXX";
static char cache[64], boot[64], path[128];
static struct kernel kernel;
static struct err err;

static void make_directories(void)
{
	cr_assert(mkdtemp(directory) != NULL);
	snprintf(cache, sizeof(cache), "%s/cache", directory);
	snprintf(boot, sizeof(boot), "%s/boot", directory);
	snprintf(path, sizeof(path), "%s/image", directory);
	cr_assert(mkdir(boot, 0700) == 0);
}

static void remove_directories(void)
{
	cache_remove(directory);
}

TestSuite(kernel_find, .init = make_directories, .fini = remove_directories);

static int find(const char *name)
{
	kernel = (struct kernel){0};
	err = (struct err){0};
	return kernel_find_in(cache, boot, name, &kernel, &err);
}

static void put(const char *to, enum packing packing, bool is_pvh)
{
	struct content image = make_packed(packing, is_pvh);

	put_file(to, &image);
	content_free(&image);
}

/* A fetched kernel of this release and version. */
static void store(const char *release, const char *version)
{
	struct content vmlinux = make_vmlinux(62, release, true);
	struct content payload = make_payload(PACK_ZSTD, &vmlinux);
	struct content image = make_bzimage(release, &payload);

	cr_assert(kernel_store(cache, &image, version, "X", NULL, &err) == 0, "%s", err.text);
	content_free(&vmlinux);
	content_free(&payload);
	content_free(&image);
}

static unsigned count_entries(const char *where)
{
	char full[128];
	struct dirent *file;
	unsigned count = 0;
	DIR *files;

	snprintf(full, sizeof(full), "%s/%s", cache, where);
	files = opendir(full);
	while (files && (file = readdir(files)))
		count += strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0;
	if (files)
		closedir(files);
	return count;
}

static struct stat stat_of(const char *file)
{
	struct stat about = {0};

	cr_expect(stat(file, &about) == 0, "%s", file);
	return about;
}

Test(kernel_find, path_is_extracted_once)
{
	ino_t first;

	put(path, PACK_XZ, true);
	cr_assert(find(path) == 0, "%s", err.text);
	cr_expect(eq(str, kernel.name, path));
	cr_expect(eq(str, kernel.release, TEST_RELEASE));
	cr_expect(kernel.is_pvh);
	cr_expect(strncmp(kernel.image, cache, strlen(cache)) == 0, "%s", kernel.image);
	first = stat_of(kernel.image).st_ino;
	cr_assert(eq(int, find(path), 0));
	cr_expect(stat_of(kernel.image).st_ino == first, "not made again");
	cr_expect(eq(u32, count_entries("extracted"), 1));
}

/* The content is the key: the same path with another image, and another path with the same one. */
Test(kernel_find, another_image_is_another_entry)
{
	char before[PATH_MAX], copy[160];

	put(path, PACK_XZ, true);
	cr_assert(eq(int, find(path), 0));
	strcpy(before, kernel.image);
	snprintf(copy, sizeof(copy), "%s.copy", path);
	put(copy, PACK_XZ, true);
	cr_assert(eq(int, find(copy), 0));
	cr_expect(eq(str, kernel.image, before));
	put(path, PACK_GZIP, true);
	cr_assert(eq(int, find(path), 0));
	cr_expect(ne(str, kernel.image, before));
	cr_expect(eq(u32, count_entries("extracted"), 2));
}

static void damage(const char *file, bool same_size, bool same_time)
{
	struct stat about = stat_of(file);
	struct timespec times[2] = {about.st_atim, about.st_mtim};
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	cr_assert(fd >= 0);
	cr_assert(pwrite(fd, "damage", 6, 2000) == 6);
	cr_assert(same_size || ftruncate(fd, 2500) == 0);
	cr_assert(same_time == false || futimens(fd, times) == 0);
	close(fd);
}

static void expect_sound(void)
{
	struct image image;
	struct content content = {0};

	cr_assert(content_read(kernel.image, CONTENT_BYTES_MOST, &content, &err) == 0, "%s", err.text);
	cr_expect(image_parse(content.bytes, content.size, "X", &image, &err) == 0, "%s", err.text);
	cr_expect(memmem(content.bytes, content.size, "damage", 6) == NULL);
	content_free(&content);
}

Test(kernel_find, damaged_entries_are_made_again)
{
	char manifest[PATH_MAX + 16];

	put(path, PACK_ZSTD, true);
	cr_assert(eq(int, find(path), 0));
	damage(kernel.image, true, false);
	cr_assert(eq(int, find(path), 0));
	expect_sound();
	damage(kernel.image, false, true);
	cr_assert(eq(int, find(path), 0));
	expect_sound();
	snprintf(manifest, sizeof(manifest), "%s", kernel.image);
	strcpy(strrchr(manifest, '/'), "/" MANIFEST_NAME);
	cr_assert(truncate(manifest, 30) == 0);
	cr_assert(eq(int, find(path), 0));
	expect_sound();
	cr_assert(unlink(kernel.image) == 0);
	cr_assert(eq(int, find(path), 0));
	expect_sound();
	cr_expect(eq(u32, count_entries("extracted"), 1), "nothing else is left");
}

/* Copied without its times, or touched: the digest tells that it is sound, and the next use need not ask it. */
Test(kernel_find, another_time_is_no_damage)
{
	struct stat before, after;

	put(path, PACK_ZSTD, true);
	cr_assert(eq(int, find(path), 0));
	before = stat_of(kernel.image);
	cr_assert(utimensat(AT_FDCWD, kernel.image, NULL, 0) == 0);
	cr_assert(eq(int, find(path), 0));
	after = stat_of(kernel.image);
	cr_expect(after.st_ino == before.st_ino);
	cr_expect(after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
}

Test(kernel_find, without_pvh_the_image_itself)
{
	put(path, PACK_GZIP, false);
	for (int i = 0; i < 2; i++) {
		cr_assert(find(path) == 0, "%s", err.text);
		cr_expect(eq(str, kernel.image, path));
		cr_expect(kernel.is_pvh == false);
	}
	cr_expect(eq(u32, count_entries("extracted"), 1), "that it has none is remembered");
}

Test(kernel_find, vmlinux)
{
	struct content pvh = make_vmlinux(62, TEST_BANNER, true), none = make_vmlinux(62, TEST_BANNER, false);

	put_file(path, &pvh);
	cr_assert(eq(int, find(path), 0));
	cr_expect(eq(str, kernel.image, path));
	cr_expect(kernel.is_pvh);
	put_file(path, &none);
	cr_expect(eq(int, find(path), -ENOEXEC));
	cr_expect(strstr(err.text, "no PVH entry") != NULL);
	content_free(&pvh);
	content_free(&none);
}

Test(kernel_find, newest_of_a_version)
{
	store("7.20.1-cloud-amd64", "7.20.1-1");
	store("7.2.9+deb14-cloud-amd64", "7.2.9-1");
	store("7.2.13+deb14-cloud-amd64", "7.2.13-1");
	store("6.1.0-50-cloud-amd64", "6.1.176-1");
	cr_assert(find("debian:7.2") == 0, "%s", err.text);
	cr_expect(eq(str, kernel.release, "7.2.13+deb14-cloud-amd64"));
	cr_expect(eq(str, kernel.name, "debian:7.2"));
	cr_expect(kernel.is_pvh);
	cr_assert(eq(int, find("debian:7.2.9"), 0));
	cr_expect(eq(str, kernel.release, "7.2.9+deb14-cloud-amd64"));
	cr_assert(eq(int, find("debian:6.1.176-1"), 0));
	cr_expect(eq(str, kernel.release, "6.1.0-50-cloud-amd64"));
	cr_expect(eq(int, find("debian:7.2.1"), -ENOENT));
	cr_expect(eq(str, err.text, "cannot find kernel debian:7.2.1: it is not fetched"));
	cr_expect(strstr(err.advice, "enomem kernels fetch debian:7.2.1") != NULL);
}

/* The vmlinux comes from the vmlinuz again; a damaged vmlinuz cannot be helped here. */
Test(kernel_find, damage_of_a_fetched_one)
{
	char vmlinuz[PATH_MAX];

	store(TEST_RELEASE, "7.2.13-1");
	cr_assert(eq(int, find("debian:7.2"), 0));
	damage(kernel.image, true, false);
	cr_assert(find("debian:7.2") == 0, "%s", err.text);
	expect_sound();
	strcpy(vmlinuz, kernel.image);
	vmlinuz[strlen(vmlinuz) - 1] = 'z';
	damage(vmlinuz, true, false);
	cr_expect(eq(int, find("debian:7.2"), -EBADMSG));
	cr_expect(strstr(err.text, "damaged") != NULL, "%s", err.text);
	cr_expect(strstr(err.advice, "enomem kernels fetch debian:7.2.13-1") != NULL, "%s", err.advice);
}

Test(kernel_find, in_boot)
{
	char installed[160];
	struct inventory inventory = {0};

	snprintf(installed, sizeof(installed), "%s/vmlinuz-%s", boot, TEST_RELEASE);
	put(installed, PACK_XZ, true);
	store("7.2.9+deb14-cloud-amd64", "7.2.9-1");
	cr_assert(find("debian:7.2") == 0, "%s", err.text);
	cr_expect(eq(str, kernel.release, TEST_RELEASE));
	cr_expect(kernel.is_pvh);
	cr_assert(eq(int, inventory_read(cache, boot, &inventory, &err), 0));
	cr_assert(eq(u32, inventory.count, 2));
	cr_expect(eq(str, inventory.kernels[0].name, "debian:7.2.13"));
	cr_expect(eq(str, inventory.kernels[1].name, "debian:7.2.9"));
	inventory_look_for_extracted(cache, &inventory);
	cr_expect(inventory.kernels[0].manifest.vmlinux.bytes == 4096);
	inventory_free(&inventory);
	/* The same version fetched as well: that one has the name, the other its path. */
	store(TEST_RELEASE, "7.2.13-1");
	cr_assert(eq(int, inventory_read(cache, boot, &inventory, &err), 0));
	cr_assert(eq(u32, inventory.count, 3));
	cr_expect(eq(int, inventory.kernels[0].source, KERNEL_FETCHED));
	cr_expect(eq(str, inventory.kernels[0].name, "debian:7.2.13"));
	cr_expect(eq(str, inventory.kernels[1].name, installed));
	inventory_free(&inventory);
}

/* Two packages of one upstream version. */
Test(kernel_find, names_are_unambiguous)
{
	struct inventory inventory = {0};

	store("7.2.12+deb13-cloud-amd64", "7.2.12-1~bpo13+1");
	store("7.2.12+deb14-cloud-amd64", "7.2.12-1");
	cr_assert(eq(int, inventory_read(cache, boot, &inventory, &err), 0));
	cr_assert(eq(u32, inventory.count, 2));
	cr_expect(eq(str, inventory.kernels[0].name, "debian:7.2.12"));
	cr_expect(eq(str, inventory.kernels[1].name, "debian:7.2.12-1~bpo13+1"));
	for (int i = 0; i < 2; i++) {
		cr_assert(eq(int, find(inventory.kernels[i].name), 0));
		cr_expect(eq(str, kernel.release, inventory.kernels[i].manifest.release));
	}
	inventory_free(&inventory);
}

Test(kernel_find, names_that_are_none)
{
	for (const char *const *bad =
		     (const char *const[]){"debian:", "debian:x", "debian:../../x", "debian:7.2/", "", NULL};
	     *bad; bad++)
		cr_expect(find(*bad) == -EINVAL, "\"%s\"", *bad);
	cr_expect(eq(int, find("7.2"), -ENOENT));
	cr_expect(eq(str, err.advice, "did you mean debian:7.2?"));
	cr_expect(eq(int, find("ubuntu:24.04"), -ENOENT));
	cr_expect(strstr(err.advice, "debian:VERSION") != NULL);
}

/* Several at once make one entry, and none is half made. */
Test(kernel_find, several_at_once)
{
	int failures = 0, status;

	put(path, PACK_XZ, true);
	for (int i = 0; i < 16; i++) {
		if (fork() == 0)
			_exit(find(path) == 0 && kernel.is_pvh && access(kernel.image, R_OK) == 0 ? 0 : 1);
	}
	while (wait(&status) > 0)
		failures += status != 0;
	cr_expect(eq(int, failures, 0));
	cr_expect(eq(u32, count_entries("extracted"), 1));
}

/* What one that was killed has left goes, once it cannot belong to one that still works. */
Test(kernel_find, leftovers)
{
	char old[160], young[160];
	struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

	put(path, PACK_XZ, true);
	cr_assert(eq(int, find(path), 0));
	snprintf(old, sizeof(old), "%s/extracted/.new-abcdef", cache);
	snprintf(young, sizeof(young), "%s/extracted/.new-ghijkl", cache);
	cr_assert(mkdir(old, 0700) == 0 && mkdir(young, 0700) == 0);
	cr_assert(utimensat(AT_FDCWD, old, times, 0) == 0);
	put(path, PACK_GZIP, true);
	cr_assert(eq(int, find(path), 0));
	cr_expect(access(old, F_OK) == -1);
	cr_expect(access(young, F_OK) == 0);
}
