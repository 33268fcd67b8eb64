#include "witness/probe.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "witness/tracefs.h"

/* Names of events have no dots. */
static void event_name(const struct trace_probe *probe, char ret[WITNESS_NAME_BYTES])
{
	snprintf(ret, WITNESS_NAME_BYTES, "%s", probe->function);
	for (char *at = ret; *at; at++) {
		if (!isalnum((unsigned char)*at))
			*at = '_';
	}
}

static int make(const struct trace *trace, const struct trace_probe *probe)
{
	/* An int has no more than 32 bits that count, and a bool 8. */
	static const char *const types[WITNESS_RETURNS] = {"s32", "s64", "u8", "u8"};
	char name[WITNESS_NAME_BYTES], text[256];

	event_name(probe, name);
	snprintf(text, sizeof(text), "r:%s/%s %s %s=$retval:%s\n", trace->group, name, probe->function,
		 witness_returns_word(probe->returns), types[probe->returns]);
	return tracefs_append(trace->root_fd, "kprobe_events", text);
}

static int find(const struct trace *trace, const char *function)
{
	for (unsigned i = 0; i < trace->probe_count; i++) {
		if (strcmp(trace->probes[i].function, function) == 0)
			return (int)i;
	}
	return -ENOENT;
}

int probe_get(struct trace *trace, const char *function, enum witness_returns returns)
{
	int index = find(trace, function);
	struct trace_probe *probe;

	if (index >= 0)
		return trace->probes[index].error ? -trace->probes[index].error : index;
	if (trace->probe_count == TRACE_PROBES_MOST)
		return -ENOSPC;
	probe = &trace->probes[trace->probe_count++];
	*probe = (struct trace_probe){.returns = returns};
	snprintf(probe->function, sizeof(probe->function), "%s", function);
	probe->error = -make(trace, probe);
	return probe->error ? -probe->error : (int)trace->probe_count - 1;
}

bool probe_is_there(const struct trace *trace, const char *function)
{
	int index = find(trace, function);

	return index >= 0 && trace->probes[index].error == 0;
}

void probe_choose(struct trace *trace, unsigned index)
{
	for (unsigned i = 0; i < trace->active_count; i++) {
		if (trace->active[i] == index)
			return;
	}
	if (trace->active_count < WITNESS_PROBED_MOST)
		trace->active[trace->active_count++] = index;
}

static int write_to(const struct trace *trace, const struct trace_probe *probe, const char *file, const char *text)
{
	char name[WITNESS_NAME_BYTES], path[160];

	event_name(probe, name);
	snprintf(path, sizeof(path), "events/%s/%s/%s", trace->group, name, file);
	return tracefs_write(trace->instance_fd, path, text);
}

int probe_enable(const struct trace *trace, const struct trace_probe *probe, pid_t pid)
{
	static const char *const conditions[WITNESS_RETURNS] = {"errno<0 && errno>=-4095",
								"address<0 && address>=-4095", "false==0", "true==1"};
	char filter[96];
	int status;

	snprintf(filter, sizeof(filter), "common_pid==%d && %s", pid, conditions[probe->returns]);
	status = write_to(trace, probe, "filter", filter);
	return status < 0 ? status : write_to(trace, probe, "enable", "1");
}

void probe_disable(const struct trace *trace, const struct trace_probe *probe)
{
	write_to(trace, probe, "enable", "0");
}

void probe_remove(const struct trace *trace, const struct trace_probe *probe)
{
	char name[WITNESS_NAME_BYTES], text[128];

	if (probe->error)
		return;
	event_name(probe, name);
	snprintf(text, sizeof(text), "-:%s/%s\n", trace->group, name);
	tracefs_append(trace->root_fd, "kprobe_events", text);
}
