/* The child's side: from the namespaces to a process without any privilege. */
#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "environment/isolation.h"
#include "host/sysctl.h"

static int wait_for_release(int gate)
{
	char byte;
	ssize_t got;

	do {
		got = read(gate, &byte, 1);
	} while (got == -1 && errno == EINTR);
	return got == 1 ? 0 : -ESRCH; /* the runner died first */
}

/* A /proc of the pid namespace, in which /proc/sys cannot be written even by mistake. */
static int mount_proc(void)
{
	unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("proc", "/proc", "proc", flags, NULL) == -1 ||
	    mount("/proc/sys", "/proc/sys", NULL, MS_BIND, NULL) == -1 ||
	    mount(NULL, "/proc/sys", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | flags, NULL) == -1)
		return -errno;
	return 0;
}

static int drop_uid(const struct isolation *isolation)
{
	if (!isolation->drops_uid)
		return 0;
	if (isolation->capabilities && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1)
		return -errno;
	if (setgroups(0, NULL) == -1 || setresgid(isolation->gid, isolation->gid, isolation->gid) == -1 ||
	    setresuid(isolation->uid, isolation->uid, isolation->uid) == -1)
		return -errno;
	return 0;
}

static bool keeps(uint64_t kept, cap_value_t capability)
{
	return kept >> capability & 1;
}

static int set_flags(cap_t caps, uint64_t kept)
{
	static const cap_flag_t flags[] = {CAP_PERMITTED, CAP_EFFECTIVE, CAP_INHERITABLE};

	for (cap_value_t capability = 0; capability < cap_max_bits(); capability++) {
		for (size_t i = 0; keeps(kept, capability) && i < sizeof(flags) / sizeof(*flags); i++) {
			if (cap_set_flag(caps, flags[i], 1, &capability, CAP_SET) == -1)
				return -errno;
		}
	}
	return cap_set_proc(caps) == -1 ? -errno : 0;
}

/* All but those in the mask; who has another uid than root keeps them over execve as ambient ones. */
static int drop_capabilities(uint64_t kept)
{
	cap_t caps = cap_init();
	int status;

	if (!caps)
		return -ENOMEM;
	/* Needs CAP_SETPCAP, which an ordinary user without a user namespace has not: nothing to drop then. */
	for (cap_value_t capability = 0; capability < cap_max_bits(); capability++) {
		if (!keeps(kept, capability))
			cap_drop_bound(capability);
	}
	status = set_flags(caps, kept);
	cap_free(caps);
	for (cap_value_t capability = 0; capability < cap_max_bits() && status == 0; capability++) {
		if (keeps(kept, capability) && cap_set_ambient(capability, CAP_SET) == -1)
			status = -errno;
	}
	return status;
}

/* While we are root still, and /proc is the host's: the kernel shows each process its own ipc namespace's. */
static int set_ipc_sysctls(const struct isolation *isolation)
{
	int status = 0;

	if (isolation->shmall[0])
		status = sysctl_write("kernel/shmall", isolation->shmall);
	if (status == 0 && isolation->shmmax[0])
		status = sysctl_write("kernel/shmmax", isolation->shmmax);
	return status;
}

/*
 * Die with the runner. Set last, since a change of credentials clears it; and the gate tells
 * whether the runner died before it was set.
 */
static int die_with_parent(int gate)
{
	struct pollfd poll_gate = {.fd = gate};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		return -errno;
	if (poll(&poll_gate, 1, 0) == 1 && (poll_gate.revents & POLLHUP))
		return -ESRCH;
	return 0;
}

int isolation_enter(const struct isolation *isolation, int gate, const char **ret_step)
{
	int status = wait_for_release(gate);

	*ret_step = "wait for the runner";
	if (status == 0) {
		*ret_step = "set kernel.shmall and kernel.shmmax";
		status = set_ipc_sysctls(isolation);
	}
	if (status == 0 && isolation->own_proc) {
		*ret_step = "mount /proc";
		status = mount_proc();
	}
	if (status == 0) {
		*ret_step = "drop root";
		status = drop_uid(isolation);
	}
	if (status == 0) {
		*ret_step = "drop capabilities";
		status = drop_capabilities(isolation->capabilities);
	}
	if (status == 0) {
		*ret_step = "set no_new_privs";
		status = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ? -errno : 0;
	}
	if (status == 0) {
		*ret_step = "tie its life to the runner's";
		status = die_with_parent(gate);
	}
	return status;
}
