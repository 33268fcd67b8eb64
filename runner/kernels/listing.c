#include "kernels/listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/cache.h"
#include "kernels/image.h"

static struct listed_kernel *add(struct kernel_listing *listing)
{
	struct listed_kernel *more = reallocarray(listing->kernels, listing->count + 1, sizeof(*more));

	if (!more)
		return NULL;
	listing->kernels = more;
	more[listing->count] = (struct listed_kernel){0};
	return &more[listing->count++];
}

/* A damaged entry is none: who wants it is told. */
static int add_fetched(const char *parent, const char *name, struct kernel_listing *listing, struct err *err)
{
	char directory[PATH_MAX];
	struct cache_entry entry;
	struct err ignored = {0};
	struct listed_kernel *kernel;

	snprintf(directory, sizeof(directory), "%s/%s", parent, name);
	if (cache_read(directory, &entry, &ignored) < 0)
		return 0;
	kernel = add(listing);
	if (!kernel)
		return err_no_memory(err);
	snprintf(kernel->name, sizeof(kernel->name), "debian:%.*s", (int)strcspn(entry.release, "+-"), entry.release);
	/* 5.10.0-32: the part behind the dash is what tells two of them apart. */
	if (entry.release[strcspn(entry.release, "+-")] == '-')
		snprintf(kernel->name, sizeof(kernel->name), "debian:%s", entry.release);
	snprintf(kernel->release, sizeof(kernel->release), "%s", entry.release);
	snprintf(kernel->source, sizeof(kernel->source), "%s", entry.package);
	kernel->bytes = entry.image_bytes;
	return 0;
}

static int add_installed(const char *parent, const char *name, struct kernel_listing *listing, struct err *err)
{
	char path[PATH_MAX];
	struct listed_kernel *kernel;
	struct image image;
	struct stat file;
	struct err ignored = {0};
	void *data = MAP_FAILED;
	int fd, status;

	snprintf(path, sizeof(path), "%s/%s", parent, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_size > 0)
		data = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (data == MAP_FAILED)
		return 0;
	status = image_read(data, (size_t)file.st_size, &image, &ignored);
	munmap(data, (size_t)file.st_size);
	if (status < 0)
		return 0;
	kernel = add(listing);
	if (!kernel)
		return err_no_memory(err);
	snprintf(kernel->name, sizeof(kernel->name), "%s", path);
	snprintf(kernel->release, sizeof(kernel->release), "%s", image.release);
	snprintf(kernel->source, sizeof(kernel->source), "installed");
	kernel->bytes = (unsigned long long)file.st_size;
	return 0;
}

static int add_all(const char *parent, const char *prefix,
		   int (*add_one)(const char *, const char *, struct kernel_listing *, struct err *),
		   struct kernel_listing *listing, struct err *err)
{
	DIR *directory = opendir(parent);
	struct dirent *entry;
	int status = 0;

	while (directory && status == 0 && (entry = readdir(directory))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			status = add_one(parent, entry->d_name, listing, err);
	}
	if (directory)
		closedir(directory);
	return status;
}

static int by_release(const void *a, const void *b)
{
	return strverscmp(((const struct listed_kernel *)a)->release, ((const struct listed_kernel *)b)->release);
}

int kernel_listing_make(struct kernel_listing *ret, struct err *err)
{
	char parent[PATH_MAX - 300];
	int status;

	*ret = (struct kernel_listing){0};
	status = cache_subdirectory("kernels", parent, sizeof(parent), err);
	if (status == 0)
		status = add_all(parent, "debian-", add_fetched, ret, err);
	if (status == 0)
		status = add_all("/boot", "vmlinuz-", add_installed, ret, err);
	if (status < 0)
		kernel_listing_free(ret);
	else if (ret->count)
		qsort(ret->kernels, ret->count, sizeof(*ret->kernels), by_release);
	return status;
}

void kernel_listing_free(struct kernel_listing *listing)
{
	free(listing->kernels);
	*listing = (struct kernel_listing){0};
}
