#include "scenarios/lib/describe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "scenarios/lib/scenario.h"

/* Declarations are text of the sources: printable, but quotes and newlines do occur. */
static void print_string(const char *text)
{
	putchar('"');
	for (; text && *text; text++) {
		if (*text == '\n')
			fputs("\\n", stdout);
		else if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else
			putchar(*text);
	}
	putchar('"');
}

static void print_member(const char *name, const char *value)
{
	printf("\"%s\": ", name);
	print_string(value);
	fputs(", ", stdout);
}

static void print_parameter(const struct parameter *parameter)
{
	static const char *const kinds[] = {"number", "bytes", "word"};

	putchar('{');
	print_member("name", parameter->name);
	print_member("summary", parameter->summary);
	print_member("default", parameter->standard);
	if (parameter->kind == PARAMETER_WORD)
		print_member("words", parameter->words);
	else
		printf("\"least\": %" PRIu64 ", \"most\": %" PRIu64 ", ", parameter->least, parameter->most);
	printf("\"kind\": \"%s\"}", kinds[parameter->kind]);
}

static void print_limit(const struct scenario_limit *limit)
{
	putchar('{');
	print_member("resource", limit->resource);
	print_member("value", limit->value);
	fputs("\"at\": ", stdout);
	print_string(limit->at);
	putchar('}');
}

static void print_lists(void)
{
	fputs("\"parameters\": [", stdout);
	for (int i = 0; i < SCENARIO_PARAMETERS_MOST && scenario.parameters[i].name; i++) {
		fputs(i ? ", " : "", stdout);
		print_parameter(&scenario.parameters[i]);
	}
	fputs("], \"operation\": [", stdout);
	for (int i = 0; i < SCENARIO_REQUESTS_MOST && scenario.operation[i]; i++) {
		fputs(i ? ", " : "", stdout);
		print_string(scenario.operation[i]);
	}
	fputs("], \"limits\": [", stdout);
	for (int i = 0; i < SCENARIO_LIMITS_MOST && scenario.limits[i].resource; i++) {
		fputs(i ? ", " : "", stdout);
		print_limit(&scenario.limits[i]);
	}
	fputs("]", stdout);
}

int describe(const char *name)
{
	putchar('{');
	print_member("name", name);
	print_member("summary", scenario.summary);
	print_member("lesson", scenario.lesson);
	print_member("fix", scenario.fix);
	print_member("shape", scenario.shape == SHAPE_COUNT ? "count" : "size");
	if (scenario.fix_name)
		print_member("fix_name", scenario.fix_name);
	printf("\"can_exempt\": %s, ", scenario.can_exempt ? "true" : "false");
	print_lists();
	puts("}");
	return fflush(stdout) == 0 ? 0 : -EIO;
}
