#include "support/wait.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>

uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int wait_child(pid_t pid, unsigned timeout_ms, int *ret_status)
{
	uint64_t deadline_ns = monotonic_ns() + timeout_ms * UINT64_C(1000000);
	struct timespec pause = {.tv_nsec = 20000};

	for (;;) {
		pid_t reaped = waitpid(pid, ret_status, WNOHANG);

		if (reaped == pid)
			return 0;
		if (reaped == -1 && errno != EINTR)
			return -errno;
		if (monotonic_ns() >= deadline_ns)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 2000000)
			pause.tv_nsec *= 2;
	}
}
