#include "kernels/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "run/scheduler.h"
#include "support/wait.h"

#define OUTPUT_BYTES_MOST ((size_t)16 << 20)
#define SILENCE_NS (UINT64_C(300) * 1000000000)
#define TICK_MS 100
#define END_MS 3000

enum channel { OUT, ERRORS, STATUS, CHANNELS };

struct child_state {
	const struct child *child;
	struct child_result *result;
	pid_t pid;
	int fds[CHANNELS];
	size_t out_room, errors_size, line_size;
	char line[512]; /* of the status channel, not complete yet */
	uint64_t heard_ns;
};

/* The environment of the child alone: after fork(), before exec. */
static void enter_child(const struct child *child, const int ends[CHANNELS], pid_t parent, int failure)
{
	static const int targets[CHANNELS] = {STDOUT_FILENO, STDERR_FILENO, CHILD_STATUS_FD};
	int null = open("/dev/null", O_RDONLY);
	int code;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	setenv("LC_ALL", "C", 1);
	unsetenv("LANGUAGE");
	/* The ends were moved above the targets, so none is overwritten. */
	if (null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO && dup2(ends[OUT], targets[OUT]) >= 0 &&
	    dup2(ends[ERRORS], targets[ERRORS]) >= 0 && dup2(ends[STATUS], targets[STATUS]) >= 0 &&
	    (!child->directory || chdir(child->directory) == 0))
		execvp(child->argv[0], (char *const *)child->argv);
	code = errno;
	if (write(failure, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

/* A pipe whose ends are above the descriptors that the child is given. */
static int make_pipe(int ends[2])
{
	int pair[2];

	if (pipe2(pair, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++)
		ends[i] = fcntl(pair[i], F_DUPFD_CLOEXEC, 10);
	close(pair[0]);
	close(pair[1]);
	return ends[0] >= 0 && ends[1] >= 0 ? 0 : -EMFILE;
}

static void close_all(int *fds, int count)
{
	for (int i = 0; i < count; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

/* Until exec has succeeded, which closes the pipe, or failed, which tells why. */
static int await_exec(int failure)
{
	int code = 0;
	ssize_t got;

	do
		got = read(failure, &code, sizeof(code));
	while (got < 0 && errno == EINTR);
	return got == sizeof(code) ? -code : 0;
}

static int start(struct child_state *running)
{
	int ends[CHANNELS + 1][2];
	int theirs[CHANNELS + 1], ours[CHANNELS + 1];
	pid_t parent = getpid();
	int status = 0;

	memset(ends, -1, sizeof(ends));
	for (int i = 0; i < CHANNELS + 1; i++) {
		status = status ? status : make_pipe(ends[i]);
		ours[i] = ends[i][0];
		theirs[i] = ends[i][1];
	}
	running->pid = status < 0 ? -1 : fork();
	if (running->pid == 0)
		enter_child(running->child, theirs, parent, theirs[CHANNELS]);
	if (running->pid < 0 && status == 0)
		status = -errno;
	close_all(theirs, CHANNELS + 1);
	if (status == 0) {
		setpgid(running->pid, running->pid);
		status = await_exec(ours[CHANNELS]);
	}
	close_all(&ours[CHANNELS], 1);
	memcpy(running->fds, ours, sizeof(running->fds));
	return status;
}

static int take_out(struct child_state *running, const char *bytes, size_t size)
{
	struct child_result *result = running->result;

	if (result->out_size + size > OUTPUT_BYTES_MOST)
		return -EFBIG;
	if (result->out_size + size + 1 > running->out_room) {
		size_t room = 2 * (result->out_size + size + 1);
		char *out = realloc(result->out, room);

		if (!out)
			return -ENOMEM;
		result->out = out;
		running->out_room = room;
	}
	memcpy(result->out + result->out_size, bytes, size);
	result->out_size += size;
	result->out[result->out_size] = '\0';
	return 0;
}

static void take_errors(struct child_state *running, const char *bytes, size_t size)
{
	size_t room = sizeof(running->result->errors) - 1 - running->errors_size;

	size = size < room ? size : room;
	memcpy(running->result->errors + running->errors_size, bytes, size);
	running->errors_size += size;
}

/* Of a line that is too long the beginning is told. */
static void take_status(struct child_state *running, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] != '\n') {
			if (running->line_size < sizeof(running->line) - 1)
				running->line[running->line_size++] = bytes[i];
			continue;
		}
		running->line[running->line_size] = '\0';
		running->line_size = 0;
		if (running->child->status_line)
			running->child->status_line(running->child->context, running->line);
	}
}

static int take(struct child_state *running, int channel)
{
	char piece[16384];
	ssize_t got = read(running->fds[channel], piece, sizeof(piece));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got <= 0) {
		close_all(&running->fds[channel], 1);
		return 0;
	}
	running->heard_ns = monotonic_ns();
	if (channel == OUT)
		return take_out(running, piece, (size_t)got);
	if (channel == ERRORS)
		take_errors(running, piece, (size_t)got);
	else
		take_status(running, piece, (size_t)got);
	return 0;
}

static bool is_open(const struct child_state *running)
{
	return running->fds[OUT] >= 0 || running->fds[ERRORS] >= 0 || running->fds[STATUS] >= 0;
}

static int collect(struct child_state *running)
{
	int status = 0;

	running->heard_ns = monotonic_ns();
	while (status == 0 && is_open(running)) {
		struct pollfd wait[CHANNELS];

		for (int i = 0; i < CHANNELS; i++)
			wait[i] = (struct pollfd){.fd = running->fds[i], .events = POLLIN};
		if (poll(wait, CHANNELS, TICK_MS) < 0 && errno != EINTR)
			return -errno;
		if (schedule_interrupted())
			return -EINTR;
		for (int i = 0; i < CHANNELS && status == 0; i++) {
			if (running->fds[i] >= 0 && wait[i].revents)
				status = take(running, i);
		}
		if (monotonic_ns() - running->heard_ns > SILENCE_NS)
			return -ETIMEDOUT;
	}
	return status;
}

/* All of the group: what it has started must not go on writing into the cache. */
static int end(struct child_state *running, bool at_once, int *ret_status)
{
	int status = -ETIMEDOUT;

	if (!at_once)
		status = wait_child(running->pid, END_MS, ret_status);
	if (status == -ETIMEDOUT) {
		kill(-running->pid, SIGTERM);
		status = wait_child(running->pid, END_MS, ret_status);
	}
	kill(-running->pid, SIGKILL);
	if (status == -ETIMEDOUT)
		status = wait_child(running->pid, END_MS, ret_status);
	return status;
}

static int exit_status_of(int status)
{
	if (status < 0)
		return 127;
	return (status & 0x7f) ? 128 + (status & 0x7f) : (status >> 8) & 0xff;
}

int child_run(const struct child *child, struct child_result *ret, struct err *err)
{
	struct child_state running = {.child = child, .result = ret, .fds = {-1, -1, -1}};
	int wait_status = 0;
	int status;

	*ret = (struct child_result){0};
	status = start(&running);
	if (status == 0)
		status = collect(&running);
	close_all(running.fds, CHANNELS);
	if (running.pid > 0) {
		int ended = end(&running, status < 0, &wait_status);

		ret->exit_status = exit_status_of(ended < 0 ? ended : wait_status);
	}
	if (status == -EINTR)
		return err_set(err, EINTR, "interrupted");
	if (status == -ETIMEDOUT)
		return err_set(err, ETIMEDOUT, "cannot go on: %s was silent for five minutes", child->argv[0]);
	return status < 0 ? err_set_errno(err, -status, "cannot run %s", child->argv[0]) : 0;
}
