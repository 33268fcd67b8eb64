#include "environment/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "environment/program.h"

/* Where the agent finds the scenario's program and its cgroups; above stdio and the record page's place. */
#define PROGRAM_FD 9
#define GROUP_FD 10
#define FREE_FD (GROUP_FD + GROUP_PARTS_MOST)

struct channel {
	int program_fd;
	int specification[2];
	int output[2];
};

static void close_all(struct channel *channel)
{
	int fds[] = {channel->program_fd, channel->specification[0], channel->specification[1], channel->output[0],
		     channel->output[1]};

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

static int open_channel(const struct environment_context *context, const char *scenario, struct channel *ret,
			struct err *err)
{
	char name[96];
	int status;

	*ret = (struct channel){-1, {-1, -1}, {-1, -1}};
	snprintf(name, sizeof(name), "scenarios/%s", scenario);
	status = program_open(context->catalogue, name, &ret->program_fd, err);
	if (status == 0 && (pipe2(ret->specification, O_CLOEXEC) == -1 || pipe2(ret->output, O_CLOEXEC) == -1))
		status = err_set_errno(err, errno, "cannot make pipes for a cell");
	if (status < 0)
		close_all(ret);
	return status;
}

/* First above all numbers that are given out, so that none of those files is overwritten by another. */
static int hand_over_files(const struct launch *launch, const struct channel *channel)
{
	int program_fd = fcntl(channel->program_fd, F_DUPFD_CLOEXEC, FREE_FD);
	int input_fd = fcntl(channel->specification[0], F_DUPFD_CLOEXEC, FREE_FD);
	int output_fd = fcntl(channel->output[1], F_DUPFD_CLOEXEC, FREE_FD);
	int group_fds[GROUP_PARTS_MOST] = {-1, -1};

	for (unsigned i = 0; i < launch->group.count; i++)
		group_fds[i] = fcntl(launch->group.procs_fds[i], F_DUPFD_CLOEXEC, FREE_FD);
	for (unsigned i = 0; i < launch->group.count; i++) {
		if (dup2(group_fds[i], GROUP_FD + (int)i) == -1)
			return -errno;
	}
	if (dup2(input_fd, STDIN_FILENO) == -1 || dup2(output_fd, STDOUT_FILENO) == -1 ||
	    dup2(program_fd, PROGRAM_FD) == -1)
		return -errno;
	return 0;
}

/* In the child, from clone to exec. Says on stderr what failed; the runner sees the exit status. */
static _Noreturn void become_agent(const struct environment_context *context, const struct launch *launch,
				   const struct channel *channel, int gate)
{
	char *arguments[] = {"enomem-agent", NULL};
	char *environment[] = {NULL};
	const char *step = "start the agent";
	int agent_fd = fcntl(context->agent_fd, F_DUPFD_CLOEXEC, FREE_FD);
	int status;

	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	setpgid(0, 0); /* Ctrl-C is for the runner, which ends its cells itself */
	context->bind(context->topology, launch->cpu);
	status = isolation_enter(launch->isolation, gate, &step);
	if (status == 0 && (agent_fd < 0 || hand_over_files(launch, channel) < 0)) {
		step = "hand files to the agent (see ulimit -n)";
		status = -EMFILE;
	}
	if (status == 0) {
		step = "execute the agent";
		execveat(agent_fd, "", arguments, environment, AT_EMPTY_PATH);
		status = -errno;
	}
	dprintf(STDERR_FILENO, "enomem: cannot %s: %s\n", step, strerror(-status));
	_exit(126);
}

static int send_specification(int fd, const struct launch *launch, struct err *err)
{
	struct specification sent = *launch->specification;
	json_t *json;
	char *text;
	int status = 0;

	sent.program_fd = PROGRAM_FD;
	sent.group_count = launch->group.count;
	for (unsigned i = 0; i < sent.group_count; i++)
		sent.group_fds[i] = GROUP_FD + (int)i;
	json = specification_to_json(&sent);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	if (!text)
		status = err_no_memory(err);
	/* A pipe holds 64 KiB and this is far less, so it cannot block. */
	else if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		status = err_set_errno(err, errno, "cannot send the cell to its agent");
	free(text);
	json_decref(json);
	return status;
}

int launch(const struct environment_context *context, const struct launch *launch, struct running *ret, struct err *err)
{
	struct channel channel;
	int gate = -1;
	int status = open_channel(context, launch->specification->scenario, &channel, err);
	pid_t pid;

	if (status < 0)
		return status;
	status = send_specification(channel.specification[1], launch, err);
	pid = status < 0 ? (pid_t)status : isolation_clone(launch->isolation, &gate, err);
	if (pid == 0)
		become_agent(context, launch, &channel, gate);
	if (pid > 0) {
		*ret = (struct running){pid, pidfd_open(pid, 0), gate, channel.output[0], channel.specification[1]};
		channel.output[0] = channel.specification[1] = -1;
		isolation_release(gate);
	}
	close_all(&channel);
	return pid < 0 ? pid : 0;
}
