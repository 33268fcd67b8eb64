#include "run_options.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "support/number.h"
#include "support/shell.h"

enum {
	OPTION_CPU = 256,
	OPTION_AT_MOST,
	OPTION_FORMAT,
	OPTION_ISOLATION,
	OPTION_SET,
	OPTION_CONFIG,
	OPTION_PLAN,
	OPTION_SYSCTL_FILE,
	OPTION_ENV,
	OPTION_ALLOW,
	OPTION_BELOW_USE,
	OPTION_YES,
	OPTION_BASELINE,
	OPTION_AGAINST,
	OPTION_WITNESS,
};

static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "What to run", 1},
	{"skip", 's', "GLOB", 0, "leave these scenarios out", 1},
	{"param", 'p', "NAME=VALUE", 0, "set a scenario's parameter (`enomem list` shows them)", 1},
	{"repeat", 'r', "N", 0, "run each cell N times", 1},
	{"at-most", OPTION_AT_MOST, "N", 0, "stop after N accepted operations (pages of a size), refused or not", 1},
	{NULL, 0, NULL, 0, "Under which settings (`enomem list --knobs` shows them)", 2},
	{"set", OPTION_SET, "KNOB=VALUE", 0, "a setting, in every configuration", 2},
	{"config", OPTION_CONFIG, "NAME[:KNOB=VALUE,...]", 0, "a configuration; several are run one after the other",
	 2},
	{"plan", OPTION_PLAN, "FILE", 0,
	 "scenarios, configurations and environments from a YAML file, or a built-in plan: \"core\" or \"kernels\"", 2},
	{"sysctl-file", OPTION_SYSCTL_FILE, "FILE", 0, "a configuration in the format of /etc/sysctl.d", 2},
	{"env", OPTION_ENV, "ns|host|vm:KERNEL", 0,
	 "where cells run: ns changes nothing; host is this machine, with its settings changed and put back; vm is a "
	 "guest with another kernel: vm:debian:7.2 or vm:./vmlinuz, several with commas",
	 2},
	{"allow-host-changes", OPTION_ALLOW, NULL, 0, "permit environment host, which needs root", 2},
	{"below-use", OPTION_BELOW_USE, NULL, 0, "set values below what running processes use, too", 2},
	{NULL, 0, NULL, 0, "How to run it", 3},
	{"dry-run", 'n', NULL, 0,
	 "print the predictions; no request is made (programs are started to read their numbers)", 3},
	{"timeout", 't', "SECONDS", 0, "give up on a cell after this time (default 60)", 3},
	{"jobs", 'j', "N", 0, "run N cells at a time, each on its own CPU (default 1), or N guests (default: as many as CPUs)", 3},
	{"cpu", OPTION_CPU, "N", 0, "bind to this CPU (default: the last)", 3},
	{"isolation", OPTION_ISOLATION, "auto|namespaces|none", 0,
	 "namespaces: all or nothing; auto: what this system gives; none: only uid and capabilities are dropped", 3},
	{"witness", OPTION_WITNESS, NULL, 0,
	 "have the kernel name the function that refused, with kretprobes (as root, where the kernel has them)", 3},
	{"yes", OPTION_YES, NULL, 0, "begin without asking, however many cells there are", 3},
	{NULL, 0, NULL, 0, "What to print", 4},
	{"output", 'o', "FILE", 0, "write each result to FILE as a line of JSON when it ends", 4},
	{"format", OPTION_FORMAT, "text|json|ktap", 0, "what goes to stdout", 4},
	{"baseline", OPTION_BASELINE, "FILE", 0,
	 "write a baseline: of the results what is the same each time on the same kernel, for --against and `enomem "
	 "compare`; only when all cells were measured",
	 4},
	{"against", OPTION_AGAINST, "FILE", 0,
	 "compare with a baseline (or results) at the end: exit status 1 when something changed, whatever the verdicts",
	 4},
	{0},
};

static const char before[] = "Provoke refusals of memory and compare each with its prediction.\v"
			     "SCENARIO is a name or a glob; without one, all run. Each cell is a small program in "
			     "namespaces of its own, without "
			     "privilege; it repeats its request until the kernel refuses. The prediction is made from "
			     "the numbers of the program "
			     "before its first request. The cause is proved by giving back one suspect after the "
			     "other: only the right one lets it "
			     "go on, and by exactly as much.\n\n"
			     "Examples:\n"
			     "  enomem run\n"
			     "  enomem run 'm*' -p pages=2 -o results.jsonl\n"
			     "  enomem run ulimit-v -p limit=512M -p limit_at=exec\n"
			     "  enomem run big-fork -p vmas=2 --format json | jq .refusal\n"
			     "  enomem run --set rlimit.as=512M --set rlimit.data=64M ulimit-v\n"
			     "  enomem run --plan core --dry-run\n"
			     "  enomem run --baseline today.jsonl; enomem run --against today.jsonl --format ktap\n"
			     "  enomem run --allow-host-changes --config as-is --config new:vm.max_map_count=262144";

static int reject(struct run_options *run, const char *option, const char *value, const char *expected)
{
	err_set(&run->err, EINVAL, "cannot use %s %.80s: it is not %s", option, value, expected);
	return err_advise(&run->err, "`enomem run --help` shows the options");
}

static void add_word(struct run_options *run, const char *const word, const char **list, unsigned *count)
{
	if (*count < RUN_WORDS_MOST)
		list[(*count)++] = word;
	else
		err_set(&run->err, E2BIG, "cannot take more than %d words of one kind", RUN_WORDS_MOST);
}

static void read_number(struct run_options *run, const char *option, const char *value, uint64_t least, uint64_t most,
			uint64_t *ret)
{
	char expected[80];

	if (number_parse(value, ret) == 0 && *ret >= least && *ret <= most)
		return;
	snprintf(expected, sizeof(expected), "a whole number from %" PRIu64 " to %" PRIu64, least, most);
	reject(run, option, value, expected);
}

static void read_timeout(struct run_options *run, const char *value)
{
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || *end || !(seconds >= 0.01 && seconds <= 86400))
		reject(run, "--timeout", value, "a number of seconds from 0.01 to 86400");
	else
		run->timeout_ms = (uint64_t)(seconds * 1000);
}

static void read_cpu(struct run_options *run, const char *value)
{
	uint64_t cpu = 0;

	read_number(run, "--cpu", value, 0, 65535, &cpu);
	run->cpu = (int)cpu;
}

static void read_format(struct run_options *run, const char *value)
{
	static const char *const words[] = {[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_KTAP] = "ktap"};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(value, words[i]) == 0) {
			run->format = (enum run_format)i;
			return;
		}
	}
	reject(run, "--format", value, "text, json or ktap");
}

/* What changes no result is no part of the command that a baseline names. */
static bool is_about_output(int key)
{
	static const int keys[] = {'o',           'j', 't', OPTION_CPU, OPTION_FORMAT, OPTION_YES, OPTION_BASELINE,
				   OPTION_AGAINST};

	for (unsigned i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (keys[i] == key)
			return true;
	}
	return false;
}

/* With options by their long names, however they were written. */
static void note_word(struct run_options *run, int key, const char *value)
{
	const struct argp_option *option = options;
	char name[32];

	if (key == ARGP_KEY_ARG) {
		shell_append(run->command, sizeof(run->command), value);
		return;
	}
	while (option->key != key && (option->name || option->doc))
		option++;
	if (!option->name || is_about_output(key))
		return;
	snprintf(name, sizeof(name), "--%s", option->name);
	shell_append(run->command, sizeof(run->command), name);
	if (value)
		shell_append(run->command, sizeof(run->command), value);
}

/* Of a dry run there are no results. */
static void check_dry_run(struct run_options *run)
{
	const char *option = run->baseline                ? "--baseline"
			     : run->against               ? "--against"
			     : run->format == FORMAT_KTAP ? "--format ktap"
							  : NULL;

	if (!run->dry_run || !option || run->err.code)
		return;
	err_set(&run->err, EINVAL, "cannot use %s with --dry-run: nothing is measured", option);
	err_advise(&run->err, "leave one of them out");
}

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct run_options *run = state->input;

	note_word(run, key, value);
	switch (key) {
	case ARGP_KEY_ARG: add_word(run, value, run->patterns, &run->pattern_count); break;
	case 's': add_word(run, value, run->skips, &run->skip_count); break;
	case 'p': add_word(run, value, run->parameters, &run->parameter_count); break;
	case 'r': read_number(run, "--repeat", value, 1, 100000, &run->repeats); break;
	case OPTION_AT_MOST: read_number(run, "--at-most", value, 1, UINT64_C(1) << 50, &run->at_most); break;
	case 'j': read_number(run, "--jobs", value, 1, 64, &run->jobs); break;
	case 't': read_timeout(run, value); break;
	case OPTION_CPU: read_cpu(run, value); break;
	case OPTION_FORMAT: read_format(run, value); break;
	case OPTION_ISOLATION:
		if (isolation_wish_from_word(value, &run->wish) < 0)
			reject(run, "--isolation", value, "auto, namespaces or none");
		break;
	case 'o': run->output = value; break;
	case 'n': run->dry_run = true; break;
	case OPTION_SET: add_word(run, value, run->settings, &run->setting_count); break;
	case OPTION_CONFIG: add_word(run, value, run->configurations, &run->configuration_count); break;
	case OPTION_SYSCTL_FILE: add_word(run, value, run->sysctl_files, &run->sysctl_file_count); break;
	case OPTION_ENV: add_word(run, value, run->environments, &run->environment_count); break;
	case OPTION_PLAN: run->plan = value; break;
	case OPTION_ALLOW: run->allow_host_changes = true; break;
	case OPTION_BELOW_USE: run->below_use = true; break;
	case OPTION_YES: run->yes = true; break;
	case OPTION_BASELINE: run->baseline = value; break;
	case OPTION_AGAINST: run->against = value; break;
	case OPTION_WITNESS: run->witness = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

int run_options_parse(int argc, char *argv[], struct run_options *ret)
{
	static const struct argp argp = {options, parse_option, "[SCENARIO...]", before, NULL, NULL, NULL};
	static char name[] = "enomem run";

	*ret = (struct run_options){.timeout_ms = 60000, .cpu = -1, .command = "enomem run"};
	argv[0] = name;
	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, ret);
	check_dry_run(ret);
	return -ret->err.code;
}
