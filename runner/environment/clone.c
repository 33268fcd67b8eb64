/* The parent's side: a child in new namespaces, with its uid map. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "environment/isolation.h"
#include "support/wait.h"

static int write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd, status = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		return -errno;
	if (write(fd, text, strlen(text)) == -1)
		status = -errno;
	close(fd);
	return status;
}

/* One line each: the id inside is the id outside, so that nothing has two names. */
static int write_maps(const struct isolation *isolation, pid_t pid)
{
	char uid_map[32], gid_map[32];
	int status = 0;

	snprintf(uid_map, sizeof(uid_map), "%u %u 1\n", isolation->uid, isolation->uid);
	snprintf(gid_map, sizeof(gid_map), "%u %u 1\n", isolation->gid, isolation->gid);
	/* Who may not choose its groups outside must not inside either (user_namespaces(7)). */
	if (!isolation->drops_uid)
		status = write_file(pid, "setgroups", "deny");
	if (status == 0)
		status = write_file(pid, "uid_map", uid_map);
	if (status == 0)
		status = write_file(pid, "gid_map", gid_map);
	return status;
}

static pid_t clone_process(uint64_t namespaces)
{
	struct clone_args arguments = {.flags = namespaces, .exit_signal = SIGCHLD};
	pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));

	/* Container runtimes' seccomp profiles that cannot look into clone3's arguments refuse it altogether. */
	if (pid == -1 && (errno == ENOSYS || errno == EPERM))
		pid = (pid_t)syscall(SYS_clone, (unsigned long)namespaces | SIGCHLD, NULL, NULL, NULL, 0UL);
	return pid;
}

static void give_up(pid_t pid)
{
	int ignored;

	kill(pid, SIGKILL);
	wait_child(pid, 5000, &ignored);
}

pid_t isolation_clone(const struct isolation *isolation, int *ret_gate, struct err *err)
{
	int gate[2];
	int status = 0;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate) == -1)
		return err_set_errno(err, errno, "cannot make a socket pair");
	pid = clone_process(isolation->namespaces);
	if (pid == 0) {
		close(gate[0]);
		*ret_gate = gate[1];
		return 0;
	}
	close(gate[1]);
	if (pid == -1)
		status = err_set_errno(err, errno, "cannot start an isolated process");
	else if (isolation->namespaces & CLONE_NEWUSER && (status = write_maps(isolation, pid)) < 0)
		err_set_errno(err, -status, "cannot write the uid map of a user namespace");
	if (status < 0) {
		if (pid > 0)
			give_up(pid);
		close(gate[0]);
		return status;
	}
	*ret_gate = gate[0];
	return pid;
}

int isolation_release(int gate)
{
	return send(gate, "", 1, MSG_NOSIGNAL) == 1 ? 0 : -errno;
}
