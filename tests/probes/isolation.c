/*
 * isolation PID: what /proc shows of another process: its real uid as the caller sees it, its privileges, and for each
 * kind of namespace whether it is the caller's own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char status[16384];
static char output[512];
static size_t filled;

static void put(const char *text)
{
	while (*text && filled < sizeof output)
		output[filled++] = *text++;
}

static void flush(int fd)
{
	if (write(fd, output, filled) != (ssize_t)filled)
		_exit(1);
	filled = 0;
}

static _Noreturn void fail(const char *what, const char *why)
{
	filled = 0;
	put("isolation: ");
	put(what);
	put(": ");
	put(why);
	put("\n");
	flush(STDERR_FILENO);
	_exit(1);
}

/* Opens the directory once, so that everything is read from one and the same process. */
static int open_process(const char *pid)
{
	char path[32] = "/proc/";
	size_t length = strlen(pid);
	int fd;

	if (length == 0 || length > 10 || strspn(pid, "0123456789") != length)
		fail("usage", "isolation PID");
	memcpy(path + 6, pid, length + 1);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fail(path, strerrorname_np(errno));
	return fd;
}

static void read_status(int process)
{
	int fd = openat(process, "status", O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got = -1;

	if (fd < 0)
		fail("status", strerrorname_np(errno));
	while (length < sizeof status - 1 && (got = read(fd, status + length, sizeof status - 1 - length)) > 0)
		length += (size_t)got;
	if (got != 0)
		fail("status", got < 0 ? strerrorname_np(errno) : "too long");
	close(fd);
}

/* The first word of the field; `field` is "\nName:\t". */
static void put_field(const char *key, const char *field)
{
	char *value = strstr(status, field), word[32];
	size_t length;

	if (!value)
		fail("no such field in status", key);
	value += strlen(field);
	length = strcspn(value, "\t\n ");
	if (length == 0 || length >= sizeof word)
		fail("strange field in status", key);
	memcpy(word, value, length);
	// cppcheck-suppress arrayIndexOutOfBoundsCond ; fail() does not return
	word[length] = '\0';
	put(key);
	put(word);
	put("\n");
}

static void put_namespace(int own, int other, const char *key, const char *path)
{
	struct stat mine, its;

	if (fstatat(own, path, &mine, 0) != 0 || fstatat(other, path, &its, 0) != 0)
		fail(path, strerrorname_np(errno));
	put(key);
	put(mine.st_dev == its.st_dev && mine.st_ino == its.st_ino ? "own\n" : "other\n");
}

int main(int argc, char **argv)
{
	static const char *const namespaces[][2] = {
		{"ns_user=", "ns/user"}, {"ns_mnt=", "ns/mnt"}, {"ns_pid=", "ns/pid"},      {"ns_ipc=", "ns/ipc"},
		{"ns_uts=", "ns/uts"},   {"ns_net=", "ns/net"}, {"ns_cgroup=", "ns/cgroup"}};
	int own = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    other = open_process(argc == 2 ? argv[1] : "");

	if (own < 0)
		fail("/proc/self", strerrorname_np(errno));
	read_status(other);
	put_field("uid=", "\nUid:\t");
	put_field("NoNewPrivs=", "\nNoNewPrivs:\t");
	put_field("CapEff=", "\nCapEff:\t");
	put_field("Seccomp=", "\nSeccomp:\t");
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
		put_namespace(own, other, namespaces[i][0], namespaces[i][1]);
	flush(STDOUT_FILENO);
	return 0;
}
