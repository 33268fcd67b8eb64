#include "agent/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/wait.h"

/* How long one futex wait may hide the death of the scenario. */
#define WAIT_SLICE_LEAST_NS UINT64_C(1000000)
#define WAIT_SLICE_MOST_NS UINT64_C(32000000)

static const int resources[LIMIT_COUNT] = {
	[LIMIT_AS] = RLIMIT_AS,           [LIMIT_DATA] = RLIMIT_DATA,   [LIMIT_STACK] = RLIMIT_STACK,
	[LIMIT_MEMLOCK] = RLIMIT_MEMLOCK, [LIMIT_NPROC] = RLIMIT_NPROC,
};

int process_get_limit(pid_t pid, enum limit_name name, struct limit *ret)
{
	struct rlimit limit;

	if (prlimit(pid, (enum __rlimit_resource)resources[name], NULL, &limit) == -1)
		return -errno;
	ret->soft = limit.rlim_cur == RLIM_INFINITY ? UNLIMITED : limit.rlim_cur;
	ret->hard = limit.rlim_max == RLIM_INFINITY ? UNLIMITED : limit.rlim_max;
	return 0;
}

int process_set_limit(pid_t pid, enum limit_name name, const struct limit *limit)
{
	struct rlimit new = {.rlim_cur = limit->soft == UNLIMITED ? RLIM_INFINITY : limit->soft,
			     .rlim_max = limit->hard == UNLIMITED ? RLIM_INFINITY : limit->hard};

	return prlimit(pid, (enum __rlimit_resource)resources[name], &new, NULL) == -1 ? -errno : 0;
}

int process_set_soft_limit(pid_t pid, enum limit_name name, uint64_t soft_bytes)
{
	struct limit limit = {UNLIMITED, UNLIMITED};
	int status = process_get_limit(pid, name, &limit);

	limit.soft = soft_bytes;
	return status < 0 ? status : process_set_limit(pid, name, &limit);
}

int process_apply_limit(pid_t pid, const struct limit_setting *setting, uint64_t start_bytes)
{
	uint64_t base = setting->relative ? start_bytes : 0;
	uint64_t soft = setting->bytes == UNLIMITED ? UNLIMITED : setting->bytes + base;
	struct limit limit = {soft, setting->hard_bytes};

	if (!setting->has_hard)
		return process_set_soft_limit(pid, setting->resource, soft);
	if (limit.hard != UNLIMITED)
		limit.hard += base;
	return process_set_limit(pid, setting->resource, &limit);
}

int process_cpu(pid_t pid)
{
	cpu_set_t set;
	size_t cpu = 0;

	CPU_ZERO(&set);
	if (sched_getaffinity(pid, sizeof(set), &set) == -1 || CPU_COUNT(&set) != 1)
		return -1;
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	return (int)cpu;
}

static int make_record(const struct specification *specification, struct process *process, struct err *err)
{
	process->record_fd = memfd_create("enomem-record", MFD_CLOEXEC);
	if (process->record_fd == -1 || ftruncate(process->record_fd, RECORD_BYTES) == -1) {
		err_set_errno(err, errno, "cannot make the record page");
		return err_advise(err, "a file of one page is needed: look at ulimit -f and vm.memfd_noexec");
	}

	void *page = mmap(NULL, RECORD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, process->record_fd, 0);

	if (page == MAP_FAILED)
		return err_set_errno(err, errno, "cannot map the record page");
	process->record = page;
	process->record->magic = RECORD_MAGIC;
	process->record->at_most = specification->at_most;
	process->record->reserve_maps = specification->reserve_maps;
	process->record->reserve_pages = specification->reserve_pages;
	process->record->reserve_commit_pages = specification->reserve_commit_pages;
	return 0;
}

/* In a guest or a container nobody else is there to be killed first, but on a host there is. */
static void prefer_as_victim(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	if (write(fd, "1000", 4) == -1) {
		/* Not preferred then; nothing depends on it. */
	}
	close(fd);
}

/* Whoever reads what the agent writes must see it end with the agent. */
static void leave_agents_streams(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd >= 0 && dup2(fd, STDIN_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
		return;
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
}

/* The stack's limit also for the reference start: it decides where mappings are placed. */
static void set_exec_limits(const struct specification *specification, uint64_t start_bytes, bool with_limits)
{
	for (unsigned i = 0; i < specification->limit_count; i++) {
		const struct limit_setting *limit = &specification->limits[i];

		if (limit->at_exec && (with_limits || limit->resource == LIMIT_STACK) &&
		    process_apply_limit(0, limit, start_bytes) < 0)
			_exit(RECORD_EXIT_LIMIT);
	}
}

/* Into its cgroups; the descriptors were opened by somebody who may. */
static void enter_groups(const struct specification *specification)
{
	for (unsigned i = 0; i < specification->group_count; i++) {
		if (write(specification->group_fds[i], "0", 1) == -1)
			_exit(RECORD_EXIT_GROUP);
		close(specification->group_fds[i]);
	}
}

/* Between fork and exec: nothing here returns. */
static _Noreturn void become_scenario(const struct specification *specification, uint64_t start_bytes, bool with_limits,
				      pid_t agent, int record_fd)
{
	char *arguments[SPECIFICATION_WORDS_MOST + 3] = {(char *)specification->scenario, "--run"};
	char *environment[] = {NULL};

	for (unsigned i = 0; i < specification->word_count; i++)
		arguments[i + 2] = (char *)specification->words[i];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != agent)
		_exit(RECORD_EXIT_ATTACH);
	prefer_as_victim();
	leave_agents_streams();
	if (record_fd != RECORD_FD && dup2(record_fd, RECORD_FD) == -1)
		_exit(RECORD_EXIT_ATTACH);
	if (record_fd == RECORD_FD)
		fcntl(RECORD_FD, F_SETFD, 0);
	fcntl(specification->program_fd, F_SETFD, FD_CLOEXEC);
	enter_groups(specification);
	set_exec_limits(specification, start_bytes, with_limits);
	execveat(specification->program_fd, "", arguments, environment, AT_EMPTY_PATH);
	_exit(127);
}

int process_start(const struct specification *specification, uint64_t start_bytes, bool with_limits,
		  struct process *ret, struct err *err)
{
	pid_t agent = getpid();
	int status;

	*ret = (struct process){.record_fd = -1,
				.deadline_ns = monotonic_ns() + specification->timeout_ms * UINT64_C(1000000)};
	status = make_record(specification, ret, err);
	if (status < 0)
		return status;
	ret->pid = fork();
	if (ret->pid == -1) {
		ret->pid = 0;
		err_set_errno(err, errno, "cannot start the scenario");
		return err_advise(err, "look at ulimit -u, and pids.max of the cgroup");
	}
	if (ret->pid == 0)
		become_scenario(specification, start_bytes, with_limits, agent, ret->record_fd);
	return 0;
}

/* How long a killed scenario may take to go, with a million VMAs to tear down. */
#define REAP_MS 50000

static bool reap(struct process *process, unsigned timeout_ms)
{
	int status = 0;

	if (process->pid == 0)
		return true;
	if (wait_child(process->pid, timeout_ms, &status) < 0)
		return false;
	process->pid = 0;
	process->died = (struct death){.known = true, .exit_status = -1};
	if (WIFEXITED(status))
		process->died.exit_status = WEXITSTATUS(status);
	else
		process->died.signal = WTERMSIG(status);
	return true;
}

int process_wait(struct process *process, enum record_state state)
{
	uint64_t slice = WAIT_SLICE_LEAST_NS;

	while (record_wait(process->record, state, slice) == state) {
		if (reap(process, 0))
			return record_state(process->record) == state ? -ECHILD : 0;
		if (monotonic_ns() >= process->deadline_ns)
			return -ETIMEDOUT;
		slice = slice * 2 < WAIT_SLICE_MOST_NS ? slice * 2 : WAIT_SLICE_MOST_NS;
	}
	return 0;
}

void process_end(struct process *process)
{
	struct death before = process->died;

	if (process->pid > 0) {
		kill(process->pid, SIGKILL);
		reap(process, REAP_MS);
		process->died = before; /* our own kill is not how the scenario ended */
	}
	if (process->record)
		munmap(process->record, RECORD_BYTES);
	if (process->record_fd >= 0)
		close(process->record_fd);
	process->record = NULL;
	process->record_fd = -1;
}
