#include "kernels/fetch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/cache.h"
#include "kernels/kernel.h"
#include "kernels/unpack.h"
#include "run/scheduler.h"

#define DEBIAN "debian:"

struct wanted {
	const char *name;
	const struct debian_package *package;
	char directory[PATH_MAX - 64]; /* of its entry */
	bool is_there;
};

static int check_name(const char *name, struct err *err)
{
	const char *version = name + strlen(DEBIAN);

	if (strncmp(name, DEBIAN, strlen(DEBIAN)) == 0 && *version >= '0' && *version <= '9' && strlen(version) < 90)
		return 0;
	err_set(err, EINVAL, "cannot fetch \"%.80s\": it is not debian:VERSION", name);
	return err_advise(err, "write for example debian:6.1; a kernel in a file needs no fetching");
}

/* "5.10, 6.1, 6.12, ...": every version of two numbers. */
static void list_versions(const struct debian_index *index, char *buffer, size_t size)
{
	char last[32] = "";

	buffer[0] = '\0';
	for (unsigned i = 0; i < index->count; i++) {
		const char *release = index->packages[i].release;
		size_t first = strcspn(release, "."), length = first + 1 + strcspn(release + first + 1, ".+-");
		size_t used = strlen(buffer);

		if (release[first] != '.' || length >= sizeof(last) ||
		    (strncmp(last, release, length) == 0 && last[length] == '\0'))
			continue;
		snprintf(last, sizeof(last), "%.*s", (int)length, release);
		snprintf(buffer + used, size - used, "%s%s", used ? ", " : "", last);
	}
}

static int not_in_archive(const struct debian_index *index, const char *name, struct err *err)
{
	char versions[200];

	list_versions(index, versions, sizeof(versions));
	err_set(err, ENOENT, "cannot fetch %s: Debian's archive has no such kernel%s%.200s%s", name,
		index->partial.code ? " (a part of it could not be read: " : "", index->partial.text,
		index->partial.code ? ")" : "");
	return err_advise(err, "it has %s", versions[0] ? versions : "none at all");
}

static int look_up(char *const names[], unsigned count, const struct debian_index *index, struct wanted *wanted,
		   struct err *err)
{
	char parent[PATH_MAX - 256];
	int status = cache_subdirectory("kernels", parent, sizeof(parent), err);

	for (unsigned i = 0; i < count && status == 0; i++) {
		struct cache_entry entry;
		struct err ignored = {0};

		wanted[i] =
			(struct wanted){.name = names[i], .package = debian_find(index, names[i] + strlen(DEBIAN))};
		if (!wanted[i].package)
			return not_in_archive(index, names[i], err);
		snprintf(wanted[i].directory, sizeof(wanted[i].directory), "%s/debian-%s", parent,
			 wanted[i].package->release);
		wanted[i].is_there = cache_read(wanted[i].directory, &entry, &ignored) == 0;
	}
	return status;
}

/* The downloaded file of a package: NAME_VERSION_amd64.deb. */
static bool find_file(const char *directory, const char *package, char *ret, size_t size)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;
	size_t length = strlen(package);
	bool found = false;

	while (stream && !found && (entry = readdir(stream))) {
		found = strncmp(entry->d_name, package, length) == 0 && entry->d_name[length] == '_';
		snprintf(ret, size, "%s/%s", directory, entry->d_name);
	}
	if (stream)
		closedir(stream);
	return found;
}

static int store_image(int fd, const struct wanted *wanted, const char *file, struct err *err)
{
	const char *base = strrchr(file, '/') + 1;
	char package[160];
	struct stat image;
	void *data = MAP_FAILED;
	int status;

	if (fstat(fd, &image) == 0 && image.st_size > 0)
		data = mmap(NULL, (size_t)image.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return err_set_errno(err, errno ? errno : EBADMSG, "cannot read the kernel of %s", base);
	snprintf(package, sizeof(package), "%.*s", (int)strcspn(base, "\n"), base);
	cache_remove(wanted->directory); /* a damaged one */
	status = cache_store(wanted->directory, data, (size_t)image.st_size, package, err);
	munmap(data, (size_t)image.st_size);
	return status;
}

static int store(const struct wanted *wanted, const char *downloads, fetch_say *say, struct err *err)
{
	char file[PATH_MAX + 300], line[400];
	int fd = memfd_create("enomem-kernel", MFD_CLOEXEC);
	int status;

	if (fd == -1)
		return err_set_errno(err, errno, "cannot unpack a kernel");
	if (!find_file(downloads, wanted->package->name, file, sizeof(file)))
		status = err_set(err, ENOENT, "cannot fetch %s: apt-get downloaded no %s", wanted->name,
				 wanted->package->name);
	else
		status = unpack_package(file, fd, err);
	if (status == 0)
		status = store_image(fd, wanted, file, err);
	close(fd);
	snprintf(line, sizeof(line), "%s: fetched %s", wanted->name, wanted->package->release);
	if (status == 0)
		say(line);
	return status;
}

static int fetch(struct wanted *wanted, unsigned count, fetch_progress *progress, fetch_say *say, struct err *err)
{
	const struct debian_package *packages[64];
	char downloads[PATH_MAX] = "", line[400];
	unsigned missing = 0;
	int status = 0;

	for (unsigned i = 0; i < count; i++) {
		if (!wanted[i].is_there)
			packages[missing++] = wanted[i].package;
		snprintf(line, sizeof(line), "%s: %s is there already", wanted[i].name, wanted[i].package->release);
		if (wanted[i].is_there)
			say(line);
	}
	if (missing)
		status = debian_download(packages, missing, progress, downloads, sizeof(downloads), err);
	for (unsigned i = 0; i < count && status == 0; i++) {
		if (!wanted[i].is_there)
			status = schedule_interrupted() ? err_set(err, EINTR, "cannot fetch: interrupted")
							: store(&wanted[i], downloads, say, err);
	}
	debian_remove_downloads(downloads);
	return status;
}

int fetch_kernels(char *const names[], unsigned count, fetch_progress *progress, fetch_say *say, struct err *err)
{
	struct debian_index index = {0};
	struct wanted *wanted = calloc(count, sizeof(*wanted));
	int status = wanted ? 0 : err_no_memory(err);

	if (count > 64)
		status = err_set(err, E2BIG, "cannot fetch more than 64 kernels at once");
	for (unsigned i = 0; i < count && status == 0; i++)
		status = check_name(names[i], err);
	if (status == 0)
		status = debian_read_index(false, progress, &index, err);
	if (status == 0)
		status = look_up(names, count, &index, wanted, err);
	if (status == -ENOENT) {
		/* It may have come since the index was fetched. */
		debian_free(&index);
		status = debian_read_index(true, progress, &index, err);
		if (status == 0)
			status = look_up(names, count, &index, wanted, err);
	}
	if (status == 0)
		status = fetch(wanted, count, progress, say, err);
	debian_free(&index);
	free(wanted);
	return status;
}
