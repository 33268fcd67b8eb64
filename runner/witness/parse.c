#include "witness/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

void trace_parse_begin(struct trace_parser *parser, struct witness *ret)
{
	*parser = (struct trace_parser){.ret = ret};
	ret->chain_count = 0;
	ret->error = 0;
}

/* A word of letters, digits, _ and dots, ended by whatever else, is copied; false for none or a too long one. */
static bool copy_name(const char *text, char ret[WITNESS_NAME_BYTES])
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");

	if (length == 0 || length >= WITNESS_NAME_BYTES)
		return false;
	memcpy(ret, text, length);
	ret[length] = '\0';
	return true;
}

/* Frames of the tracing itself. */
static bool is_trampoline(const char *name)
{
	return strstr(name, "kretprobe") || strstr(name, "rethook");
}

static void take_frame(struct trace_parser *parser, const char *text)
{
	struct witness_return *last = &parser->now[parser->now_count - 1];
	char name[WITNESS_NAME_BYTES];

	if (last->frame_count == WITNESS_FRAMES_MOST || !copy_name(text, name) || is_trampoline(name))
		return;
	/* The stack begins with the caller, which is there already. */
	if (parser->stack_begins && last->frame_count == 1 && strcmp(last->frames[0], name) == 0)
		last->frame_count = 0;
	parser->stack_begins = false;
	memcpy(last->frames[last->frame_count++], name, sizeof(name));
}

/* "(caller+0x9a/0x3c0 <- function)": where it returned to, which the kernel also knows when it gives no stack. */
static void read_caller(const char *line, const char *name, struct witness_return *ret)
{
	const char *caller = name;

	while (caller > line && caller[-1] != '(')
		caller--;
	if (caller > line && copy_name(caller, ret->frames[0]) && !is_trampoline(ret->frames[0]))
		ret->frame_count = 1;
}

/* "(caller+0x9a/0x3c0 <- function) errno=-12": whether it is the return of a function, said in full. */
static bool read_return(const char *line, struct witness_return *ret)
{
	const char *name = strstr(line, " <- ");
	const char *value = name ? strstr(name, ") ") : NULL;

	*ret = (struct witness_return){.function = ""};
	if (!value || !copy_name(name + 4, ret->function))
		return false;
	read_caller(line, name, ret);
	value += 2;
	for (int kind = 0; kind < WITNESS_RETURNS; kind++) {
		const char *word = witness_returns_word((enum witness_returns)kind);
		size_t length = strlen(word);

		if (strncmp(value, word, length) != 0 || value[length] != '=')
			continue;
		ret->returns = (enum witness_returns)kind;
		ret->value = strtoll(value + length + 1, NULL, 10);
		return witness_is_refusal(ret);
	}
	return false;
}

static void take_return(struct trace_parser *parser, const char *line)
{
	struct witness_return returned;

	if (!read_return(line, &returned))
		return;
	if (parser->now_count < WITNESS_CHAIN_MOST)
		parser->now[parser->now_count++] = returned;
}

/*
 * The end of a system call, "NR 56 = -12". Waiting for an order and looking at what a refusal left (msync) show errnos,
 * too, and refuse nothing. A
 * call that shows none was refused when one of its functions was (brk); of several the last one counts, but
 * none of those makes a call forgotten that shows its errno.
 */
static void take_exit(struct trace_parser *parser, const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);
	long long value = strncmp(end, " = ", 3) == 0 ? strtoll(end + 3, NULL, 10) : 0;
	bool shows = value < 0 && value >= -4095;

	if (number == SYS_futex || number == SYS_msync) {
		parser->now_count = 0;
		return;
	}
	if (shows || (parser->now_count && parser->ret->error == 0)) {
		memcpy(parser->ret->chain, parser->now, sizeof(parser->now));
		parser->ret->chain_count = parser->now_count;
		parser->ret->error = shows ? (int)-value : 0;
		parser->refused = true;
	}
	parser->now_count = 0;
}

static void take_line(struct trace_parser *parser)
{
	const char *line = parser->line;
	const char *exit = strstr(line, ": sys_exit: NR ");

	if (strncmp(line, " => ", 4) == 0) {
		if (parser->in_stack && parser->now_count)
			take_frame(parser, line + 4);
		return;
	}
	/* The stack of a call's end belongs to no function. */
	parser->in_stack = parser->stack_begins = strstr(line, ": <stack trace>") && parser->now_count;
	if (line[0] == '#')
		return;
	if (exit)
		take_exit(parser, exit + strlen(": sys_exit: NR "));
	else
		take_return(parser, line);
}

void trace_parse(struct trace_parser *parser, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n') {
			parser->line[parser->length] = '\0';
			take_line(parser);
			parser->length = 0;
		} else if (text[i] != '\0' && parser->length < sizeof(parser->line) - 1) {
			parser->line[parser->length++] = text[i];
		}
	}
}

bool trace_parse_end(struct trace_parser *parser)
{
	if (parser->length)
		trace_parse(parser, "\n", 1);
	return parser->refused;
}
