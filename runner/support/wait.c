#include "support/wait.h"

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Until it has ended, or the time is over; where there are no pidfds, a moment. */
static void wait_for_end(pid_t pid, uint64_t left_ns)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = {.fd = fd, .events = POLLIN};
	struct timespec moment = {.tv_nsec = 1000000};

	if (fd < 0) {
		nanosleep(&moment, NULL);
		return;
	}
	poll(&end, 1, (int)((left_ns + 999999) / 1000000));
	close(fd);
}

int wait_child(pid_t pid, unsigned timeout_ms, int *ret_status)
{
	uint64_t deadline_ns = monotonic_ns() + timeout_ms * UINT64_C(1000000);

	for (;;) {
		pid_t reaped = waitpid(pid, ret_status, WNOHANG);
		uint64_t now_ns = monotonic_ns();

		if (reaped == pid)
			return 0;
		if (reaped == -1 && errno != EINTR)
			return -errno;
		if (now_ns >= deadline_ns)
			return -ETIMEDOUT;
		wait_for_end(pid, deadline_ns - now_ns);
	}
}
