/* `enomem kernels`: what guests can be booted with, and getting more. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "kernels/fetch.h"
#include "kernels/listing.h"
#include "run/scheduler.h"
#include "support/number.h"
#include "support/wait.h"

#define NAMES_MOST 64

enum { OPTION_AVAILABLE = 256, OPTION_JSON };

struct kernels_options {
	char *names[NAMES_MOST];
	unsigned name_count;
	bool list, fetch, available, json;
};

static const struct argp_option options[] = {
	{"available", OPTION_AVAILABLE, NULL, 0, "list what Debian's archive has instead", 0},
	{"json", OPTION_JSON, NULL, 0, "list as JSON", 0},
	{0},
};

static const char help[] =
	"List kernels for guests, or fetch them from Debian's archive.\v"
	"`list` shows what `enomem run --env vm:NAME` can boot now: kernels that are fetched, and those in /boot. Any "
	"bzImage or vmlinux can be used by its path, too.\n\n"
	"`fetch debian:VERSION...` downloads the newest kernel of each version (\"6.1\", \"7.2.13\") through an apt "
	"configuration of its own: this system's apt is not touched, and no privilege is needed. apt checks the "
	"archive's signatures. Kernels are kept in $XDG_CACHE_HOME/enomem.\n\n"
	"Examples:\n"
	"  enomem kernels list\n"
	"  enomem kernels fetch debian:5.10 debian:6.1 debian:7.2\n"
	"  enomem run --env vm:debian:5.10,vm:debian:7.2\n\n"
	"ENOMEM_DEBIAN_MIRROR chooses another mirror.";

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct kernels_options *chosen = state->input;

	switch (key) {
	case OPTION_AVAILABLE: chosen->available = true; break;
	case OPTION_JSON: chosen->json = true; break;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0) {
			chosen->list = strcmp(value, "list") == 0;
			chosen->fetch = strcmp(value, "fetch") == 0;
			if (!chosen->list && !chosen->fetch)
				argp_error(state, "cannot %.40s kernels: there are list and fetch", value);
		} else if (chosen->list || chosen->name_count == NAMES_MOST) {
			argp_error(state, "cannot use \"%.40s\": %s", value,
				   chosen->list ? "list takes no names" : "too many names");
		} else {
			chosen->names[chosen->name_count++] = value;
		}
		break;
	case ARGP_KEY_END:
		if (chosen->fetch && chosen->name_count == 0)
			argp_error(state, "cannot fetch: which? for example debian:7.2");
		if (!chosen->list && !chosen->fetch)
			argp_error(state, "cannot do nothing: say list or fetch");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* On a terminal: what has come so far, and for how long. */
static uint64_t began_ns;

static void draw_progress(size_t bytes)
{
	char size[32];

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[Kfetching: %s, %" PRIu64 " s", number_format_bytes(bytes, size, sizeof(size)),
			(monotonic_ns() - began_ns) / 1000000000);
}

static void clear_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static void say(const char *line)
{
	clear_progress();
	puts(line);
	fflush(stdout);
}

static int fetch(const struct kernels_options *chosen)
{
	struct err err = {0};
	int status;

	schedule_catch_interrupts();
	began_ns = monotonic_ns();
	status = fetch_kernels(chosen->names, chosen->name_count, draw_progress, say, &err);
	clear_progress();
	if (status == 0)
		return finish_stdout(0);
	report_error(&err);
	return status == -EINTR ? 128 + schedule_interrupted() : EXIT_USAGE;
}

static int list_available(bool json)
{
	struct debian_index index;
	struct err err = {0};
	json_t *list = json_array();

	began_ns = monotonic_ns();
	schedule_catch_interrupts();
	if (debian_read_index(false, draw_progress, &index, &err) < 0) {
		clear_progress();
		json_decref(list);
		return report_error(&err);
	}
	clear_progress();
	for (unsigned i = 0; i < index.count; i++) {
		if (json)
			json_array_append_new(list, json_pack("{s:s, s:s}", "release", index.packages[i].release,
							      "package", index.packages[i].name));
		else
			printf("%-36s %s\n", index.packages[i].release, index.packages[i].name);
	}
	if (json) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(list);
	debian_free(&index);
	return finish_stdout(0);
}

static void print_json(const struct kernel_listing *listing)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < listing->count; i++) {
		const struct listed_kernel *kernel = &listing->kernels[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I}", "name", kernel->name, "release",
						      kernel->release, "source", kernel->source, "bytes",
						      (json_int_t)kernel->bytes));
	}
	json_dumpf(list, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(list);
}

static void print_text(const struct kernel_listing *listing)
{
	char size[32];

	if (listing->count)
		printf("%-34s %-28s %10s  %s\n", "NAME", "RELEASE", "SIZE", "SOURCE");
	else
		fputs("enomem: there is no kernel yet; `enomem kernels fetch debian:7.2` gets one\n", stderr);
	for (unsigned i = 0; i < listing->count; i++) {
		const struct listed_kernel *kernel = &listing->kernels[i];

		printf("%-34s %-28s %10s  %s\n", kernel->name, kernel->release,
		       number_format_bytes(kernel->bytes, size, sizeof(size)), kernel->source);
	}
}

static int list(bool json)
{
	struct kernel_listing listing;
	struct err err = {0};

	if (kernel_listing_make(&listing, &err) < 0)
		return report_error(&err);
	if (json)
		print_json(&listing);
	else
		print_text(&listing);
	kernel_listing_free(&listing);
	return finish_stdout(0);
}

int cmd_kernels(int argc, char *argv[])
{
	static const struct argp argp = {options, parse_option, "list | fetch debian:VERSION...", help, NULL,
					 NULL,    NULL};
	static char name[] = "enomem kernels";
	struct kernels_options chosen = {0};

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &chosen);
	if (chosen.fetch)
		return fetch(&chosen);
	return chosen.available ? list_available(chosen.json) : list(chosen.json);
}
