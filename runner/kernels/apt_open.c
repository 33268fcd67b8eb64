/* The state in the cache, and the configuration that keeps apt to it. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernels/apt.h"
#include "kernels/cache.h"
#include "run/scheduler.h"
#include "support/append.h"

#define MIRROR "http://deb.debian.org/debian"
#define KEYRING "/usr/share/keyrings/debian-archive-keyring.gpg"

static const char *const suites[] = {"bullseye", "bookworm", "bookworm-backports", "trixie", "trixie-backports",
				     "forky",    "sid"};

/*
 * %s is the directory, %s the user whose rights downloads have. As root apt would take those of _apt, which may not
 * look into root's cache: it would say so, and use root's all the same.
 */
static const char configuration[] = "Dir::State \"%1$s\";\n"
				    "Dir::State::lists \"%1$s/lists\";\n"
				    "Dir::State::status \"%1$s/status\";\n"
				    "Dir::State::extended_states \"%1$s/extended_states\";\n"
				    "Dir::Cache \"%1$s/cache\";\n"
				    "Dir::Cache::archives \"%1$s/cache/archives\";\n"
				    "Dir::Cache::pkgcache \"pkgcache.bin\";\n"
				    "Dir::Cache::srcpkgcache \"\";\n"
				    "Dir::Etc::sourcelist \"%1$s/sources.list\";\n"
				    "Dir::Etc::sourceparts \"/dev/null\";\n"
				    "Dir::Etc::trusted \"/dev/null\";\n"
				    "Dir::Etc::trustedparts \"/dev/null\";\n"
				    "Dir::Etc::preferences \"/dev/null\";\n"
				    "Dir::Etc::preferencesparts \"/dev/null\";\n"
				    "Dir::Log \"/dev/null\";\n"
				    "#clear APT::Architectures;\n"
				    "#clear APT::Update::Pre-Invoke;\n"
				    "#clear APT::Update::Post-Invoke;\n"
				    "#clear APT::Update::Post-Invoke-Success;\n"
				    "#clear APT::Update::Post-Invoke-Stats;\n"
				    "#clear Binary;\n"
				    "APT::Architecture \"amd64\";\n"
				    "APT::Architectures { \"amd64\"; };\n"
				    "APT::Default-Release \"\";\n"
				    "APT::Sandbox::User \"%2$s\";\n"
				    "APT::Update::Error-Mode \"any\";\n"
				    "APT::Get::AllowUnauthenticated \"false\";\n"
				    "Acquire::AllowInsecureRepositories \"false\";\n"
				    "Acquire::AllowWeakRepositories \"false\";\n"
				    "Acquire::AllowDowngradeToInsecureRepositories \"false\";\n"
				    "Acquire::GzipIndexes \"true\";\n"
				    "Acquire::Languages \"none\";\n"
				    "Acquire::PDiffs \"false\";\n"
				    "Acquire::Retries \"2\";\n"
				    "Acquire::http::Timeout \"20\";\n"
				    "Acquire::https::Timeout \"20\";\n";

/* What could end a value in apt's files, or begin an option: none of it is in any real mirror or path. */
static bool is_safe(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f || strchr("\"\\;{}", *text))
			return false;
	}
	return true;
}

static int check_mirror(const char *mirror, struct err *err)
{
	static const char *const schemes[] = {"http://", "https://", "file:/"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (strncmp(mirror, schemes[i], strlen(schemes[i])) == 0 && is_safe(mirror) &&
		    !strpbrk(mirror, " []#") && strlen(mirror) < 500)
			return 0;
	}
	err_set(err, EINVAL, "cannot use ENOMEM_DEBIAN_MIRROR \"%.100s\": it is no mirror's address", mirror);
	return err_advise(err, "it begins with http://, https:// or file:/ and has no blanks; without it, " MIRROR);
}

static int check_keyring(const char *keyring, struct err *err)
{
	if (keyring[0] != '/' || !is_safe(keyring) || strpbrk(keyring, " []#,") || strlen(keyring) >= 500)
		return err_set(err, EINVAL,
			       "cannot use keyring \"%.200s\": it must be an absolute path, not long, without blanks",
			       keyring);
	if (access(keyring, R_OK) == 0)
		return 0;
	err_set_errno(err, errno, "cannot read the keys of Debian's archive, %s", keyring);
	return err_advise(err, "Debian has them in the package debian-archive-keyring");
}

static int make_directories(const struct apt *apt, struct err *err)
{
	static const char *const names[] = {"lists/partial", "cache/archives/partial"};
	int status = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && status == 0; i++) {
		char path[PATH_MAX];

		status = cache_path(path, apt->directory, names[i], err);
		if (status == 0)
			status = cache_make_directory(path, err);
	}
	return status;
}

static bool has_content(const char *path, const char *text, size_t size)
{
	struct content content = {0};
	struct err ignored = {0};
	bool same = content_read(path, size, &content, &ignored) == 0 && content.size == size &&
		    (size == 0 || memcmp(content.bytes, text, size) == 0);

	content_free(&content);
	return same;
}

/* Only when it differs: apt makes its package cache anew, which takes seconds, when one of its files is younger. */
static int write_file(const struct apt *apt, const char *name, const char *text, char path[static PATH_MAX],
		      struct err *err)
{
	size_t size = strlen(text);
	int status = cache_path(path, apt->directory, name, err);
	FILE *file;
	bool failed;

	if (status < 0 || has_content(path, text, size))
		return status;
	file = fopen(path, "we");
	failed = !file || fwrite(text, 1, size, file) != size;
	if (file && fclose(file) != 0)
		failed = true;
	if (!failed)
		return 0;
	err_set_errno(err, errno ? errno : EIO, "cannot write %s", path);
	return cache_advise(err, apt->directory, 0);
}

static int write_files(struct apt *apt, const char *mirror, const char *keyring, struct err *err)
{
	char path[PATH_MAX], sources[8 * 1024] = "";
	char *text = NULL;
	int status = write_file(apt, "status", "", path, err);

	for (size_t i = 0; i < sizeof(suites) / sizeof(*suites); i++)
		text_append(sources, sizeof(sources), "deb [arch=amd64 target=Packages signed-by=%s] %s %s main\n",
			    keyring, mirror, suites[i]);
	if (status == 0)
		status = write_file(apt, "sources.list", sources, path, err);
	if (status == 0 && asprintf(&text, configuration, apt->directory, geteuid() == 0 ? "root" : "_apt") < 0)
		return err_no_memory(err);
	if (status == 0)
		status = write_file(apt, "conf", text, apt->configuration, err);
	free(text);
	return status;
}

static int take_lock(struct apt *apt, struct err *err)
{
	struct timespec moment = {.tv_nsec = 100000000};
	char path[PATH_MAX];
	bool told = false;
	int status = cache_path(path, apt->directory, "lock", err);

	if (status < 0)
		return status;
	apt->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (apt->lock < 0) {
		err_set_errno(err, errno, "cannot write %s", path);
		return cache_advise(err, apt->directory, 0);
	}
	while (flock(apt->lock, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_set_errno(err, errno, "cannot lock %s", path);
		if (schedule_interrupted())
			return err_set(err, EINTR, "interrupted");
		if (!told && apt->progress && apt->progress->waiting)
			apt->progress->waiting(apt->progress->context);
		told = true;
		nanosleep(&moment, NULL);
	}
	return 0;
}

static const char *setting(const char *name, const char *standard)
{
	const char *value = getenv(name);

	return value && *value ? value : standard;
}

int apt_open(const char *cache, const struct apt_progress *progress, struct apt *ret, struct err *err)
{
	const char *mirror = setting("ENOMEM_DEBIAN_MIRROR", MIRROR);
	const char *keyring = setting("ENOMEM_DEBIAN_KEYRING", KEYRING);
	int status = check_mirror(mirror, err);

	*ret = (struct apt){.lock = -1, .progress = progress};
	if (status == 0)
		status = check_keyring(keyring, err);
	if (status == 0)
		status = cache_path(ret->directory, cache, "apt", err);
	if (status == 0 && !is_safe(ret->directory))
		status = err_set(err, EINVAL, "cannot use %s: apt takes no quotes in a path", ret->directory);
	if (status == 0)
		status = make_directories(ret, err);
	if (status == 0)
		status = take_lock(ret, err);
	if (status == 0)
		status = write_files(ret, mirror, keyring, err);
	snprintf(ret->origin, sizeof(ret->origin), "%s %s", mirror, keyring);
	if (status < 0)
		apt_close(ret);
	return status;
}

void apt_close(struct apt *apt)
{
	if (apt->lock >= 0)
		close(apt->lock);
	apt->lock = -1;
}
