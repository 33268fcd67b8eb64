#include "host/guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "host/restore.h"
#include "support/wait.h"

/* How often a restoration that did not succeed is tried again, and how long the runner waits for a guardian to go. */
#define TRIES 20
#define PAUSE_NS 250000000
#define DISMISS_MS 60000
#define REAP_MS 1000

/* Nobody else's terminal, directory or pipe is kept by us. */
static void leave_surroundings(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO && fd >= 0; stream++)
		dup2(fd, stream);
	if (chdir("/") == -1) {
		/* Then its file system stays busy for as long as we live. */
	}
	for (int number = 1; number < NSIG; number++) {
		if (number != SIGKILL && number != SIGSTOP && number != SIGCHLD)
			signal(number, SIG_IGN);
	}
}

/* The last to be killed when memory runs out. What is needed at the end was charged when we were forked. */
static void outlive_others(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	if (write(fd, "-1000", 5) == -1) {
		/* Needs CAP_SYS_RESOURCE. */
	}
	close(fd);
}

static _Noreturn void guard(int life)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS};
	char byte;

	/* Nobody's whose process group or session is killed. */
	setsid();
	prctl(PR_SET_NAME, "enomem-guardian");
	leave_surroundings();
	outlive_others();
	/* Tells the runner that we are there; from here on nothing is awaited but its end. */
	if (send(life, "", 1, MSG_NOSIGNAL) != 1)
		_exit(0);
	while (recv(life, &byte, 1, 0) == -1 && errno == EINTR)
		;
	for (int i = 0; i < TRIES && restore_all(NULL) < 0; i++)
		nanosleep(&pause, NULL);
	_exit(0);
}

/* The child has copies of our ends: as long as it kept them, the others would not see us die. */
static void close_ends(const struct guardians *guardians, int end)
{
	close(end);
	for (int i = 0; i < GUARDIANS; i++) {
		if (guardians->life[i] >= 0)
			close(guardians->life[i]);
	}
}

static int start_one(struct guardians *guardians, int number)
{
	int pair[2];
	char byte;
	ssize_t got = 0;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		return -errno;
	pid = fork();
	if (pid == 0) {
		close_ends(guardians, pair[0]);
		guard(pair[1]);
	}
	close(pair[1]);
	while (pid > 0 && (got = recv(pair[0], &byte, 1, 0)) == -1 && errno == EINTR)
		;
	if (got != 1) {
		close(pair[0]);
		return -EAGAIN;
	}
	guardians->pid[number] = pid;
	guardians->life[number] = pair[0];
	return 0;
}

int guardians_start(struct guardians *guardians, struct err *err)
{
	for (int i = 0; i < GUARDIANS; i++)
		guardians->life[i] = -1;
	if (guardians_watch(guardians) == 0)
		return 0;
	guardians_dismiss(guardians);
	return err_set(err, EAGAIN, "cannot start the guardians that put the machine's settings back if we die");
}

static bool is_dead(int life)
{
	struct pollfd wait = {.fd = life};

	return life < 0 || (poll(&wait, 1, 0) == 1 && wait.revents & (POLLHUP | POLLERR));
}

/* One that has ended, or is about to. */
static void reap(struct guardians *guardians, int number)
{
	int ignored;

	if (guardians->life[number] < 0)
		return;
	close(guardians->life[number]);
	guardians->life[number] = -1;
	wait_child(guardians->pid[number], REAP_MS, &ignored);
}

int guardians_watch(struct guardians *guardians)
{
	int status = 0;

	for (int i = 0; i < GUARDIANS; i++) {
		int next;

		if (!is_dead(guardians->life[i]))
			continue;
		reap(guardians, i);
		next = start_one(guardians, i);
		status = status ? status : next;
	}
	return status;
}

void guardians_dismiss(struct guardians *guardians)
{
	for (int i = 0; i < GUARDIANS; i++) {
		struct pollfd wait = {.fd = guardians->life[i]};

		if (guardians->life[i] < 0)
			continue;
		shutdown(guardians->life[i], SHUT_WR);
		poll(&wait, 1, DISMISS_MS); /* POLLHUP */
		reap(guardians, i);
	}
}
