/*
 * Tracing one process with kretprobes: the returns of the functions that a refused call may have been refused
 * in, by the table (witness/table.h), until tracing ends. Needs root, tracefs and kprobe events.
 *
 * Used by the runner on a host and by the first process of a guest. It depends on nothing but libc, uses no
 * heap (in mode 2 there may be none while a refusal stands), and leaves alone what others trace: it has
 * a mount of tracefs, an instance and a group of probes of its own, named after its pid.
 *
 * 5.10 takes a quarter of a second to make a probe. So they are made when a call is first traced, and stay
 * until the end; one that is disabled costs nothing.
 */
#ifndef ENOMEM_WITNESS_TRACE_H
#define ENOMEM_WITNESS_TRACE_H

#include <sys/types.h>

#include "model/version.h"
#include "witness/witness.h"

#define TRACE_PROBES_MOST 40

struct trace_probe {
	char function[WITNESS_NAME_BYTES];
	enum witness_returns returns;
	int error; /* 0, or with which errno the kernel refused to make it */
};

struct trace {
	int root_fd;     /* of tracefs */
	int instance_fd; /* of our own buffer and switches */
	char group[32];
	kernel_version version;
	struct trace_probe probes[TRACE_PROBES_MOST]; /* all that were tried */
	unsigned probe_count;
	unsigned active[WITNESS_PROBED_MOST]; /* of them, those that trace now */
	unsigned active_count;
	bool tracing;
};

/* One that has nothing to release. */
#define TRACE_NONE                               \
	{                                        \
		.root_fd = -1, .instance_fd = -1 \
	}

/*
 * Make an instance ready; no probe yet. What dead processes left is removed first. -EPERM, -ENODEV and others
 * as they come: then *err says what this kernel lacks or forbids, and *ret has nothing to release.
 */
int trace_open(struct trace *ret, struct err *err);

/*
 * Trace the process (a pid of the initial namespace) from now on, for a refusal of `call` ("mmap"). 0, -EBUSY
 * when another one is traced, -EINVAL for a call that the table does not have, -ENOENT when none of its
 * functions can be traced, or what tracefs said.
 */
int trace_begin(struct trace *trace, pid_t pid, const char *call);

/* End it: *ret is filled in; when no call was seen to be refused, with neither chain nor errno. */
void trace_end(struct trace *trace, struct witness *ret);

/* Remove everything; takes TRACE_NONE and a half-made one. */
void trace_close(struct trace *trace);

/*
 * The same for the trace of another process, that has died: whatever has its name goes. False when something is left,
 * as it is while that one still closes its files: then try again.
 */
bool trace_remove(struct trace *trace);

/* Remove what dead processes left: instances and probes. Returns how many things that were. */
unsigned trace_sweep(int tracefs_fd);

/* "enomem_71/do_mmap" of a line of kprobe_events whose maker's pid is 71; false for somebody else's. */
bool trace_is_ours(const char *line, char *ret_event, size_t size, pid_t *ret_pid);

#endif
