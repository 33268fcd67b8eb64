#include "witness/answer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "witness/child.h"

void witness_absent(struct witness *ret, const char *format, ...)
{
	static const struct witness none;
	va_list arguments;

	*ret = none;
	va_start(arguments, format);
	vsnprintf(ret->problem, sizeof(ret->problem), format, arguments);
	va_end(arguments);
}

int witness_begin(struct trace *trace, pid_t agent, const char *call, struct witness *ret)
{
	pid_t scenario = witness_child(agent);
	int status = scenario < 0 ? scenario : trace_begin(trace, scenario, call);

	if (status == 0)
		witness_absent(ret, "tracing was not ended");
	else if (scenario < 0)
		witness_absent(ret, "the scenario's process could not be found: %s", err_name(-scenario));
	else if (status == -EINVAL)
		witness_absent(ret, "it is not known which functions refuse %.20s", call);
	else if (status == -ENOENT)
		witness_absent(ret, "this kernel has no symbol of the functions that refuse %.20s", call);
	else
		witness_absent(ret, "tracing could not begin: %s", err_name(-status));
	return -status;
}

int witness_end(struct trace *trace, struct witness *ret)
{
	trace_end(trace, ret);
	return 0;
}
