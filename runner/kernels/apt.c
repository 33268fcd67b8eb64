#include "kernels/apt.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernels/cache.h"
#include "run/scheduler.h"
#include "support/wait.h"

#define MIRROR "http://deb.debian.org/debian"
#define KEYRING "/usr/share/keyrings/debian-archive-keyring.gpg"

/* 5.10, 6.1, 6.12, 6.16 to 7.3 lie in these. */
static const char *const suites[] = {"bullseye", "bookworm", "bookworm-backports", "trixie", "trixie-backports",
				     "forky",    "sid"};

static int write_file(const char *path, const char *text, struct err *err)
{
	FILE *file = fopen(path, "we");

	if (!file || fputs(text, file) == EOF) {
		err_set_errno(err, errno, "cannot write %s", path);
		if (file)
			fclose(file);
		return -err->code;
	}
	return fclose(file) == EOF ? err_set_errno(err, errno, "cannot write %s", path) : 0;
}

static int write_sources(const char *directory, struct err *err)
{
	const char *mirror = getenv("ENOMEM_DEBIAN_MIRROR"), *keyring = getenv("ENOMEM_DEBIAN_KEYRING");
	char path[PATH_MAX + 32], text[8192] = "";

	for (size_t i = 0; i < sizeof(suites) / sizeof(*suites); i++) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, "deb [signed-by=%s] %s %s main\n",
			 keyring && *keyring ? keyring : KEYRING, mirror && *mirror ? mirror : MIRROR, suites[i]);
	}
	snprintf(path, sizeof(path), "%s/sources.list", directory);
	return write_file(path, text, err);
}

static int write_configuration(const char *directory, struct err *err)
{
	char path[PATH_MAX + 32], text[4 * PATH_MAX];

	/* User: the directory need not be open to apt's own one. */
	snprintf(text, sizeof(text),
		 "Dir::State \"%s\";\nDir::State::status \"%s/status\";\nDir::Cache \"%s/cache\";\n"
		 "Dir::Etc::sourcelist \"%s/sources.list\";\nDir::Etc::sourceparts \"-\";\nDir::Etc::parts \"-\";\n"
		 "APT::Architecture \"amd64\";\nAPT::Architectures {\"amd64\";};\nAPT::Sandbox::User \"root\";\n"
		 "APT::Update::Error-Mode \"any\";\nAcquire::Languages \"none\";\nAcquire::Retries \"2\";\n"
		 "Acquire::http::Timeout \"20\";\nAcquire::https::Timeout \"20\";\n",
		 directory, directory, directory, directory);
	snprintf(path, sizeof(path), "%s/apt.conf", directory);
	return write_file(path, text, err);
}

int apt_prepare(char *directory, size_t size, struct err *err)
{
	static const char *const parts[] = {"lists", "lists/partial", "cache", "cache/archives",
					    "cache/archives/partial"};
	char path[PATH_MAX + 32];
	int status = cache_subdirectory("apt", directory, size, err);

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && status == 0; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, parts[i]);
		if (mkdir(path, 0755) == -1 && errno != EEXIST)
			status = err_set_errno(err, errno, "cannot make %s", path);
	}
	snprintf(path, sizeof(path), "%s/status", directory);
	if (status == 0)
		status = write_file(path, "", err);
	if (status == 0)
		status = write_sources(directory, err);
	return status < 0 ? status : write_configuration(directory, err);
}

static _Noreturn void become_apt(const char *directory, char *const words[], const char *where, int output_fd)
{
	char configuration[PATH_MAX + 32];
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	snprintf(configuration, sizeof(configuration), "%s/apt.conf", directory);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (setenv("APT_CONFIG", configuration, 1) == -1 || setenv("LC_ALL", "C.UTF-8", 1) == -1 ||
	    chdir(where) == -1 || dup2(null_fd, STDIN_FILENO) == -1 || dup2(output_fd, STDOUT_FILENO) == -1 ||
	    dup2(output_fd, STDERR_FILENO) == -1)
		_exit(126);
	execvp(words[0], words);
	_exit(127);
}

/* What has come so far: the files in `where` and in lists/partial. */
static size_t downloaded_bytes(const char *where)
{
	DIR *directory = opendir(where);
	struct dirent *entry;
	struct stat file;
	size_t bytes = 0;

	while (directory && (entry = readdir(directory))) {
		if (fstatat(dirfd(directory), entry->d_name, &file, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(file.st_mode))
			bytes += (size_t)file.st_size;
	}
	if (directory)
		closedir(directory);
	return bytes;
}

static int kind_of(const char *line)
{
	static const struct {
		const char *words;
		int code;
	} kinds[] = {
		{"not signed", EKEYREJECTED}, {"NO_PUBKEY", EKEYREJECTED},
		{"BADSIG", EKEYREJECTED},     {"Hash Sum mismatch", EKEYREJECTED},
		{"signatures", EKEYREJECTED}, {"unexpected size", EKEYREJECTED},
		{"resolve", ENETUNREACH},     {"connect", ENETUNREACH},
		{"unreachable", ENETUNREACH}, {"No space left", ENOSPC},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strstr(line, kinds[i].words))
			return kinds[i].code;
	}
	return EIO;
}

/* The error line of apt's that tells most, and what kind it is. */
static int explain(const char *path, const char *program, struct err *err)
{
	FILE *file = fopen(path, "re");
	char line[480], found[480] = "";
	int code = EIO, kind;

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "E: ", 3) != 0 && strncmp(line, "W: ", 3) != 0 && strncmp(line, "Err:", 4) != 0)
			continue;
		kind = kind_of(line);
		if (!found[0] || (code == EIO && (kind != EIO || strncmp(line, "E: ", 3) == 0)))
			snprintf(found, sizeof(found), "%s", line);
		code = code == EIO ? kind : code;
	}
	if (file)
		fclose(file);
	err_set(err, code, "cannot fetch from Debian's archive: %s: %s", program,
		found[0] ? found + strcspn(found, " ") + 1 : "it failed and said nothing");
	if (code == ENETUNREACH)
		return err_advise(err,
				  "this machine seems to be offline; kernels that are fetched already can be used: "
				  "`enomem kernels list`");
	if (code == EKEYREJECTED)
		return err_advise(err, "a signature or checksum does not fit, so nothing was kept; is "
				       "debian-archive-keyring installed, and the mirror Debian's?");
	return -code;
}

static int end_child(pid_t pid, struct err *err)
{
	int ignored;

	kill(-pid, SIGTERM);
	if (wait_child(pid, 5000, &ignored) < 0) {
		kill(-pid, SIGKILL);
		wait_child(pid, 5000, &ignored);
	}
	return err_set(err, EINTR, "cannot fetch: interrupted; nothing was kept");
}

int apt_run(const char *directory, char *const words[], const char *where, const char *output, fetch_progress *progress,
	    struct err *err)
{
	char path[PATH_MAX + 64];
	int status = 0, fd;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/%s", directory, output);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd == -1)
		return err_set_errno(err, errno, "cannot write %s", path);
	pid = fork();
	if (pid == 0)
		become_apt(directory, words, where, fd);
	close(fd);
	if (pid == -1)
		return err_set_errno(err, errno, "cannot start %s", words[0]);
	while (wait_child(pid, 200, &status) < 0) {
		if (schedule_interrupted())
			return end_child(pid, err);
		if (progress)
			progress(downloaded_bytes(where));
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		err_set(err, ENOENT, "cannot fetch kernels: there is no %s on this system", words[0]);
		return err_advise(err, "use a kernel by its path instead: --env vm:./vmlinuz");
	}
	return explain(path, words[0], err);
}
