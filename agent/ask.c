#include "agent/ask.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "support/wait.h"

int ask(const struct process *process, char text[RAISE_BYTES], size_t length)
{
	struct pollfd answer = {.fd = STDIN_FILENO, .events = POLLIN};
	uint64_t now = monotonic_ns();
	ssize_t got;

	if (write(STDOUT_FILENO, text, length) != (ssize_t)length || now >= process->deadline_ns ||
	    poll(&answer, 1, (int)((process->deadline_ns - now) / 1000000)) != 1)
		return -ETIMEDOUT;
	got = read(STDIN_FILENO, text, RAISE_BYTES - 1);
	text[got > 0 ? got : 0] = '\0';
	return got > 0 ? 0 : -EIO;
}
