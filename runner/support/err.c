#include "support/err.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_text(struct err *err, int code, const char *format, va_list arguments)
{
	err->code = code;
	err->advice[0] = '\0';
	vsnprintf(err->text, sizeof(err->text), format, arguments);
}

int err_set(struct err *err, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_text(err, code, format, arguments);
	va_end(arguments);
	return -code;
}

int err_set_errno(struct err *err, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_text(err, code, format, arguments);
	va_end(arguments);

	size_t used = strlen(err->text);

	snprintf(err->text + used, sizeof(err->text) - used, ": %s", strerror(code));
	return -code;
}

int err_advise(struct err *err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(err->advice, sizeof(err->advice), format, arguments);
	va_end(arguments);
	return -err->code;
}

int err_no_memory(struct err *err)
{
	return err_set(err, ENOMEM, "cannot go on: enomem itself was refused memory");
}

const char *err_name(int code)
{
	/* Several may stand in one message. */
	static char unnamed[4][16];
	static unsigned next;
	const char *name = code > 0 ? strerrorname_np(code) : NULL;
	char *number = unnamed[next++ % 4];

	if (name)
		return name;
	snprintf(number, sizeof(unnamed[0]), "E%d", code);
	return number;
}

const char *signal_name(int signal)
{
	static char unnamed[24];
	const char *name = sigabbrev_np(signal);

	if (name)
		snprintf(unnamed, sizeof(unnamed), "SIG%s", name);
	else
		snprintf(unnamed, sizeof(unnamed), "signal %d", signal);
	return unnamed;
}

int err_number(const char *name)
{
	for (int code = 1; code < 134; code++) {
		const char *candidate = strerrorname_np(code);

		if (candidate && strcmp(candidate, name) == 0)
			return code;
	}
	return -EINVAL;
}
