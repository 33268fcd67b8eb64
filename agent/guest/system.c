/* The guest's system: file systems, swap, and the facts that the runner predicts from. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "agent/guest/guest.h"

#define SWAP_DEVICE "/dev/nvme0n1"

/* Its driver looks for it while we run already. */
#define SWAP_WAIT_MS 5000

static void note(char *problem, size_t size, const char *what, int error)
{
	size_t used = strlen(problem);

	snprintf(problem + used, size - used, "%s%s: %s", used ? "; " : "", what, strerror(error));
}

static bool is_asked_for(const char *word)
{
	char text[4096] = "";
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	return got > 0 && strstr(text, word);
}

static void switch_swap_on(char *problem, size_t size)
{
	for (int waited_ms = 0; access(SWAP_DEVICE, F_OK) == -1 && waited_ms < SWAP_WAIT_MS; waited_ms += 10)
		usleep(10000);
	if (swapon(SWAP_DEVICE, 0) == -1)
		note(problem, size, "guest.swap: this kernel has no NVMe driver built in", errno);
}

static void mount_groups(char *problem, size_t size)
{
	int fd = -1;

	if (mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) == 0)
		fd = open("/sys/fs/cgroup/cgroup.subtree_control", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "+memory +pids", 13) == -1)
		note(problem, size, "cgroup v2", errno);
	if (fd >= 0)
		close(fd);
}

int guest_mount(char *problem, size_t size, struct err *err)
{
	mkdir("/proc", 0555);
	mkdir("/sys", 0555);
	mkdir("/tmp", 01777);
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == -1) {
		err_set_errno(err, errno, "cannot mount /proc");
		return err_advise(err, "the kernel needs CONFIG_PROC_FS");
	}
	if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == -1)
		note(problem, size, "sysfs", errno);
	else
		mount_groups(problem, size);
	if (mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, NULL) == -1)
		note(problem, size, "devtmpfs", errno);
	/* The initramfs has it, too, but not below that mount: execveat() of a descriptor goes through it. */
	if (symlink("/proc/self/fd", "/dev/fd") == -1 && errno != EEXIST)
		note(problem, size, "/dev/fd", errno);
	if (is_asked_for("enomem.swap"))
		switch_swap_on(problem, size);
	return 0;
}

static unsigned count_nodes(void)
{
	DIR *directory = opendir("/sys/devices/system/node");
	struct dirent *entry;
	unsigned count = 0;

	while (directory && (entry = readdir(directory)))
		count += strncmp(entry->d_name, "node", 4) == 0 && entry->d_name[4] >= '0' && entry->d_name[4] <= '9';
	if (directory)
		closedir(directory);
	return count ? count : 1;
}

int guest_read_facts(struct guest_facts *ret, struct err *err)
{
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = host_read(root_fd, "self", true, &ret->host, err);

	if (status == 0)
		status = snapshot_read_machine(root_fd, &ret->snapshot.machine, err);
	if (status == 0)
		status = snapshot_read_process(root_fd, getpid(), ret->host.page_bytes,
					       ret->snapshot.machine.mmap_min_addr, &ret->snapshot.process, err);
	if (status == 0)
		status = isolation_probe(ISOLATION_AUTO, &ret->isolation, err);
	ret->cpus = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	ret->numa_nodes = count_nodes();
	close(root_fd);
	return status;
}
