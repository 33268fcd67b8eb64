#include "host/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define LOCK_PATH "/proc/sys/vm/max_map_count"

static void describe_process(long pid, char *buffer, size_t size)
{
	char path[64], command[160] = "";
	FILE *file;
	size_t got = 0;

	snprintf(path, sizeof(path), "/proc/%ld/cmdline", pid);
	file = fopen(path, "re");
	if (file) {
		got = fread(command, 1, sizeof(command) - 1, file);
		fclose(file);
	}
	for (size_t i = 0; i + 1 < got; i++)
		if ((unsigned char)command[i] < ' ')
			command[i] = ' ';
	snprintf(buffer, size, "process %ld%s%s%s", pid, got ? " (" : "", command, got ? ")" : "");
}

/* "1: FLOCK  ADVISORY  WRITE 3412 00:15:6878 0 EOF": the holder of a lock on the file with this device and inode. */
static void find_holder(int fd, char *buffer, size_t size)
{
	struct stat status;
	char line[256], wanted[64];
	FILE *locks = fopen("/proc/locks", "re");

	snprintf(buffer, size, "another process");
	if (!locks || fstat(fd, &status) == -1) {
		if (locks)
			fclose(locks);
		return;
	}
	snprintf(wanted, sizeof(wanted), " %02x:%02x:%lu ", major(status.st_dev), minor(status.st_dev),
		 (unsigned long)status.st_ino);
	while (fgets(line, sizeof(line), locks)) {
		char *place = strstr(line, wanted);
		long pid;

		if (!place || !strstr(line, "FLOCK") || strstr(line, "->"))
			continue;
		*place = '\0';
		pid = strtol(strrchr(line, ' ') + 1, NULL, 10);
		if (pid > 0)
			describe_process(pid, buffer, size);
	}
	fclose(locks);
}

int lock_take(bool alone, lock_waiting *waiting, void *context, int *ret, struct err *err)
{
	struct timespec pause = {.tv_nsec = 100000000};
	char holder[256];
	int fd = open(LOCK_PATH, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return err_set_errno(err, errno, "cannot open %s", LOCK_PATH);
	while (flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			err_set_errno(err, errno, "cannot lock %s", LOCK_PATH);
			close(fd);
			return -err->code;
		}
		find_holder(fd, holder, sizeof(holder));
		if (!waiting || !waiting(context, holder)) {
			close(fd);
			err_set(err, EINTR, "cannot have the machine's settings %s: %s has them",
				alone ? "alone" : "as they are", holder);
			return err_advise(err, "wait until that run has ended");
		}
		nanosleep(&pause, NULL);
	}
	*ret = fd;
	return 0;
}

int lock_alone(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == -1 ? -errno : 0;
}

void lock_share(int fd)
{
	while (flock(fd, LOCK_SH) == -1 && errno == EINTR)
		;
}
