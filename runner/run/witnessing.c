#include "run/witnessing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "support/wait.h"
#include "witness/answer.h"
#include "witness/tracefs.h"

/* How long the watcher may take to go. */
#define REAP_MS 5000

#define TRIES 100
#define PAUSE_NS 50000000

/* A probe that is left enabled makes every process slower, so somebody removes ours when we are killed. */
static _Noreturn void watch(struct trace *trace, int life)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS};
	char byte;

	setsid();
	prctl(PR_SET_NAME, "enomem-watcher");
	for (int number = 1; number < NSIG; number++) {
		if (number != SIGKILL && number != SIGSTOP && number != SIGCHLD)
			signal(number, SIG_IGN);
	}
	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
		close(stream);
	while (read(life, &byte, 1) == -1 && errno == EINTR)
		;
	/* A process that dies closes its files one by one, and this may be the first. */
	for (int i = 0; i < TRIES && !trace_remove(trace); i++)
		nanosleep(&pause, NULL);
	_exit(0);
}

static void start_watcher(struct witnessing *witnessing)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return;
	witnessing->watcher = fork();
	if (witnessing->watcher == 0) {
		close(ends[1]);
		watch(&witnessing->trace, ends[0]);
	}
	close(ends[0]);
	witnessing->life = ends[1];
}

void witnessing_begin(struct witnessing *ret)
{
	*ret = (struct witnessing){.life = -1};
	ret->ready = trace_open(&ret->trace, &ret->why_not) == 0;
	if (ret->ready)
		start_watcher(ret);
}

static void answer(struct witnessing *witnessing, struct collector *collector, const char *call, struct witness *ret)
{
	int status;

	if (*call) {
		status = witness_begin(&witnessing->trace, collector->running.pid, call, ret);
		witnessing->owner = status == 0 ? collector : NULL;
	} else if (witnessing->owner == collector) {
		status = witness_end(&witnessing->trace, ret);
		witnessing->owner = NULL;
	} else {
		status = EINVAL;
	}
	collector_answer_trace(collector, status);
}

void witnessing_attend(struct witnessing *witnessing, struct collector *collector, struct witness *ret)
{
	char call[TRACE_CALL_BYTES];

	if (!collector_wants_trace(collector, call))
		return;
	if (witnessing->ready && witnessing->owner && witnessing->owner != collector)
		return;
	if (witnessing->ready)
		answer(witnessing, collector, call, ret);
	else
		collector_answer_trace(collector, ENOTSUP);
}

void witnessing_leave(struct witnessing *witnessing, const struct collector *collector)
{
	struct witness unfinished;

	if (witnessing->owner != collector || !collector)
		return;
	trace_end(&witnessing->trace, &unfinished);
	witnessing->owner = NULL;
}

void witnessing_end(struct witnessing *witnessing)
{
	int status;

	if (!witnessing->ready)
		return;
	trace_close(&witnessing->trace);
	witnessing->ready = false;
	if (witnessing->life >= 0)
		close(witnessing->life);
	if (witnessing->watcher > 0)
		wait_child(witnessing->watcher, REAP_MS, &status);
}
