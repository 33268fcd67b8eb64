#include "witness/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "witness/parse.h"
#include "witness/probe.h"
#include "witness/table.h"
#include "witness/tracefs.h"

/* Some hundred events with their stacks; of more the last ones are kept, and only those are wanted. */
#define BUFFER_KIB "128"

#define EXITS "events/raw_syscalls/sys_exit"

static int lacks(struct trace *trace, const char *what, int status, struct err *err)
{
	trace_close(trace);
	if (status == -ENOENT)
		return err_set(err, ENODEV, "cannot trace: this kernel has no %s", what);
	return err_set_errno(err, -status, "cannot trace: cannot use %s", what);
}

static int make_instance(struct trace *trace)
{
	char path[64];

	snprintf(path, sizeof(path), "instances/%s", trace->group);
	if (mkdirat(trace->root_fd, path, 0700) == -1 && errno != EEXIST)
		return -errno;
	trace->instance_fd = openat(trace->root_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return trace->instance_fd == -1 ? -errno : 0;
}

int trace_open(struct trace *ret, struct err *err)
{
	struct utsname name;
	int status;

	*ret = (struct trace)TRACE_NONE;
	ret->root_fd = tracefs_open(err);
	if (ret->root_fd < 0)
		return ret->root_fd;
	uname(&name);
	ret->version = kernel_version_parse(name.release);
	snprintf(ret->group, sizeof(ret->group), TRACE_GROUP "%d", getpid());
	if (faccessat(ret->root_fd, "kprobe_events", W_OK, 0) == -1)
		return lacks(ret, "kprobe events in tracefs (CONFIG_KPROBE_EVENTS)", -errno, err);
	trace_sweep(ret->root_fd);
	status = make_instance(ret);
	if (status < 0)
		return lacks(ret, "instances in tracefs", status, err);
	status = tracefs_write(ret->instance_fd, EXITS "/enable", "0");
	if (status < 0)
		return lacks(ret, "tracepoint raw_syscalls:sys_exit (CONFIG_FTRACE_SYSCALLS)", status, err);
	tracefs_write(ret->instance_fd, "buffer_size_kb", BUFFER_KIB);
	/* Without it the chain of returns has to do. */
	tracefs_write(ret->instance_fd, "options/stacktrace", "1");
	return 0;
}

/* By the table's rows for the call: those that are not there are known from then on. */
static int choose_probes(struct trace *trace, const char *call)
{
	const struct witness_site *sites[WITNESS_SITES_MOST];
	unsigned count = witness_sites(trace->version, call, sites, WITNESS_SITES_MOST);

	trace->active_count = 0;
	for (unsigned i = 0; i < count; i++) {
		int index;

		if (!sites[i]->function || (sites[i]->unless && probe_is_there(trace, sites[i]->unless)))
			continue;
		index = probe_get(trace, sites[i]->function, sites[i]->returns);
		if (index >= 0)
			probe_choose(trace, (unsigned)index);
	}
	if (count == 0)
		return -EINVAL;
	return trace->active_count ? 0 : -ENOENT;
}

static int enable_exits(struct trace *trace, pid_t pid)
{
	char filter[48];
	int status;

	snprintf(filter, sizeof(filter), "common_pid==%d", pid);
	status = tracefs_write(trace->instance_fd, EXITS "/filter", filter);
	return status < 0 ? status : tracefs_write(trace->instance_fd, EXITS "/enable", "1");
}

static void disable(struct trace *trace)
{
	tracefs_write(trace->instance_fd, EXITS "/enable", "0");
	for (unsigned i = 0; i < trace->active_count; i++)
		probe_disable(trace, &trace->probes[trace->active[i]]);
	trace->tracing = false;
}

static int empty_buffer(const struct trace *trace)
{
	int fd = openat(trace->instance_fd, "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd == -1)
		return -errno;
	close(fd);
	return 0;
}

int trace_begin(struct trace *trace, pid_t pid, const char *call)
{
	int status = trace->tracing ? -EBUSY : choose_probes(trace, call);

	if (status < 0)
		return status;
	status = empty_buffer(trace);
	for (unsigned i = 0; i < trace->active_count && status == 0; i++)
		status = probe_enable(trace, &trace->probes[trace->active[i]], pid);
	if (status == 0)
		status = enable_exits(trace, pid);
	trace->tracing = status == 0;
	if (status < 0)
		disable(trace);
	return status;
}

static int read_trace(const struct trace *trace, struct trace_parser *parser)
{
	char text[4096];
	int fd = openat(trace->instance_fd, "trace", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd == -1)
		return -errno;
	while ((got = read(fd, text, sizeof(text))) > 0)
		trace_parse(parser, text, (size_t)got);
	got = got < 0 ? -errno : 0;
	close(fd);
	return (int)got;
}

void trace_end(struct trace *trace, struct witness *ret)
{
	static const struct witness none;
	struct trace_parser parser;
	int status;

	*ret = none;
	if (!trace->tracing) {
		snprintf(ret->problem, sizeof(ret->problem), "nothing was traced");
		return;
	}
	disable(trace);
	for (unsigned i = 0; i < trace->active_count; i++)
		memcpy(ret->probed[ret->probed_count++], trace->probes[trace->active[i]].function, WITNESS_NAME_BYTES);
	trace_parse_begin(&parser, ret);
	status = read_trace(trace, &parser);
	if (status < 0)
		snprintf(ret->problem, sizeof(ret->problem), "the trace could not be read: %s", err_name(-status));
	else
		trace_parse_end(&parser);
}

void trace_close(struct trace *trace)
{
	char path[64];

	if (trace->tracing)
		disable(trace);
	if (trace->instance_fd >= 0) {
		close(trace->instance_fd);
		snprintf(path, sizeof(path), "instances/%s", trace->group);
		unlinkat(trace->root_fd, path, AT_REMOVEDIR);
	}
	for (unsigned i = 0; i < trace->probe_count; i++)
		probe_remove(trace, &trace->probes[i]);
	if (trace->root_fd >= 0)
		close(trace->root_fd);
	*trace = (struct trace)TRACE_NONE;
}
