#include "run/collector.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/wait.h"

void collector_begin(struct collector *collector, const struct running *running, uint64_t deadline_ns)
{
	*collector = (struct collector){.running = *running, .deadline_ns = deadline_ns};
}

static int make_room(struct collector *collector)
{
	size_t size = collector->size ? collector->size * 2 : 16384;
	char *text;

	if (collector->size - collector->length > 4096)
		return 0;
	if (size > OBSERVATION_BYTES_MOST)
		return -EFBIG;
	text = realloc(collector->text, size);
	if (!text)
		return -ENOMEM;
	collector->text = text;
	collector->size = size;
	return 0;
}

int collector_read(struct collector *collector)
{
	int status = make_room(collector);
	ssize_t got;

	if (status < 0)
		return status;
	got = read(collector->running.output_fd, collector->text + collector->length,
		   collector->size - collector->length - 1);
	if (got == -1)
		return errno == EINTR || errno == EAGAIN ? 1 : -errno;
	collector->length += (size_t)got;
	return got > 0;
}

/* The line at the beginning, when there is a whole one that may be a request; its length, or 0. */
static size_t first_line(const struct collector *collector, char ret[RAISE_BYTES])
{
	const char *end = collector->length ? memchr(collector->text, '\n', collector->length) : NULL;
	size_t length = end ? (size_t)(end - collector->text) + 1 : 0;

	if (length == 0 || length >= RAISE_BYTES)
		return 0;
	memcpy(ret, collector->text, length);
	ret[length] = '\0';
	return length;
}

static void drop(struct collector *collector, size_t length)
{
	memmove(collector->text, collector->text + length, collector->length - length);
	collector->length -= length;
}

bool collector_request(struct collector *collector, unsigned *ret_index)
{
	char line[RAISE_BYTES];
	size_t length = first_line(collector, line);

	if (length == 0 || !raise_read_ask(line, ret_index))
		return false;
	drop(collector, length);
	return true;
}

static void reply(const struct collector *collector, const char *line, size_t length)
{
	/* An agent that has died needs no answer. */
	if (write(collector->running.reply_fd, line, length) == -1)
		return;
}

void collector_answer(struct collector *collector, int number)
{
	char line[RAISE_BYTES];

	reply(collector, line, raise_answer(line, number));
}

bool collector_wants_trace(const struct collector *collector, char ret_call[TRACE_CALL_BYTES])
{
	char line[RAISE_BYTES];

	return first_line(collector, line) > 0 && trace_read_ask(line, ret_call);
}

void collector_answer_trace(struct collector *collector, int number)
{
	char line[RAISE_BYTES];

	drop(collector, first_line(collector, line));
	reply(collector, line, trace_answer(line, number));
}

void collector_kill(struct collector *collector)
{
	if (collector->running.pid_fd >= 0)
		pidfd_send_signal(collector->running.pid_fd, SIGKILL, NULL, 0);
	else
		kill(collector->running.pid, SIGKILL);
}

/* How long a killed agent may take to go, with a million VMAs to tear down. */
#define REAP_MS 60000

static void broken(struct observation *ret, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void broken(struct observation *ret, const char *format, ...)
{
	va_list arguments;

	*ret = (struct observation){.outcome = OUTCOME_BROKEN, .cpu = -1};
	va_start(arguments, format);
	vsnprintf(ret->problem, sizeof(ret->problem), format, arguments);
	va_end(arguments);
}

/* What is to be said of an agent that said nothing. */
static void explain_silence(int wait_status, struct observation *ret)
{
	if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGSEGV)
		broken(ret, "the agent was killed by SIGSEGV before it reported: the kernel could not start it, so "
			    "ulimit -v or "
			    "vm.max_map_count leaves no room for a program of one MiB and a dozen maps");
	else if (WIFSIGNALED(wait_status))
		broken(ret, "the agent was killed by %s before it reported", signal_name(WTERMSIG(wait_status)));
	else
		broken(ret, "the agent exited with %d and reported nothing", WEXITSTATUS(wait_status));
}

static void parse(struct collector *collector, int wait_status, struct observation *ret)
{
	json_error_t where;
	struct err err = {0};
	json_t *json;

	if (collector->length == 0) {
		explain_silence(wait_status, ret);
		return;
	}
	json = json_loadb(collector->text, collector->length, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &where);
	if (!json)
		broken(ret, "the agent's observation is damaged: %.100s", where.text);
	else if (observation_from_json(json, ret, &err) < 0)
		broken(ret, "%s", err.text);
	json_decref(json);
}

void collector_finish(struct collector *collector, struct observation *ret)
{
	int wait_status = 0;
	int status = wait_child(collector->running.pid, REAP_MS, &wait_status);

	if (status < 0)
		broken(ret, "the agent (process %d) could not be ended: %s", collector->running.pid, err_name(-status));
	else if (collector->timed_out)
		*ret = (struct observation){.outcome = OUTCOME_TIMEOUT, .cpu = -1};
	else
		parse(collector, wait_status, ret);
	close(collector->running.output_fd);
	close(collector->running.reply_fd);
	close(collector->running.gate);
	if (collector->running.pid_fd >= 0)
		close(collector->running.pid_fd);
	free(collector->text);
	*collector = (struct collector){0};
}
