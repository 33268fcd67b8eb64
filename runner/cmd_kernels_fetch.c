/* `enomem kernels list` and `fetch`: what is here, and what the archive has. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd_kernels.h"
#include "command.h"
#include "kernels/cache.h"
#include "kernels/fetch.h"
#include "kernels/find.h"
#include "report/kernels.h"
#include "run/scheduler.h"
#include "support/number.h"

struct list_options {
	bool json, available;
};

static const struct argp_option list_options[] = {
	{"available", 'a', NULL, 0, "also what Debian's archive offers", 0},
	{"json", 'j', NULL, 0, "as JSON, for programs", 0},
	{0},
};

static error_t parse_list(int key, char *value, struct argp_state *state)
{
	struct list_options *list = state->input;

	(void)value;
	if (key == ARGP_KEY_ARG)
		argp_error(state, "list takes no arguments");
	if (key == 'j')
		list->json = true;
	else if (key == 'a')
		list->available = true;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static void show_progress(void *context, const char *step, double percent)
{
	(void)context;
	fprintf(stderr, "\r\033[K%s: %.0f %%", step, percent);
}

static void clear_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static void say_busy(void *context)
{
	(void)context;
	fputs("enomem: waiting: another enomem is fetching into the same cache\n", stderr);
}

static struct apt_progress progress_of_terminal(void)
{
	return (struct apt_progress){.show = isatty(STDERR_FILENO) ? show_progress : NULL, .waiting = say_busy};
}

static void warn(const struct err *err)
{
	if (!err->code)
		return;
	fprintf(stderr, "enomem: warning: %s\n", err->text);
	if (err->advice[0])
		fprintf(stderr, "        %s\n", err->advice);
}

/* An interrupt is the user's own word: no message, and the status of a shell. */
static int failed(int status, const struct err *err)
{
	clear_progress();
	if (status == -EINTR && schedule_interrupted())
		return 128 + schedule_interrupted();
	return report_error(err);
}

static void print_text(const struct list_options *list, const struct inventory *inventory,
		       const struct package_index *index)
{
	kernels_print(stdout, inventory);
	if (inventory->unreadable)
		fprintf(stderr, "enomem: %u kernels in %s are left out: only root may read them\n",
			inventory->unreadable, KERNEL_BOOT_DIRECTORY);
	if (inventory->count == 0 && !list->available)
		fputs("enomem: no kernel is here yet; `enomem kernels fetch debian:6.12` gets one, `enomem kernels "
		      "list "
		      "--available` shows which there are\n",
		      stderr);
	if (!list->available)
		return;
	if (inventory->count)
		putchar('\n');
	kernels_print_available(stdout, index, inventory);
}

static int print_list(const struct list_options *list, const char *cache, const struct package_index *index,
		      struct err *err)
{
	struct inventory inventory = {0};
	int status = inventory_read(cache, KERNEL_BOOT_DIRECTORY, &inventory, err);

	if (status < 0)
		return status;
	inventory_look_for_extracted(cache, &inventory);
	if (!list->json)
		print_text(list, &inventory, index);
	else if (kernels_print_json(stdout, &inventory, list->available ? index : NULL) < 0)
		status = err_no_memory(err);
	inventory_free(&inventory);
	return status;
}

int kernels_list(int argc, char *argv[])
{
	static const struct argp argp = {
		list_options,
		parse_list,
		"",
		"Show the kernels that can be used now, newest first, by the names that --env vm:NAME takes.",
		NULL,
		NULL,
		NULL};
	static char name[] = "enomem kernels list";
	const struct apt_progress progress = progress_of_terminal();
	struct fetch_session session = {.apt.lock = -1};
	struct list_options list = {0};
	struct err err = {0};
	char cache[PATH_MAX];
	int status;

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &list);
	schedule_catch_interrupts();
	status = cache_find(cache, &err);
	if (status == 0 && list.available)
		status = fetch_begin(cache, &progress, NULL, 0, &session, &err);
	if (status == 0) {
		clear_progress();
		warn(&session.warning);
		status = print_list(&list, cache, &session.index, &err);
	}
	fetch_end(&session);
	return status < 0 ? finish_stdout(failed(status, &err)) : finish_stdout(0);
}

struct fetch_options {
	struct fetch wanted[APT_DOWNLOADS_MOST];
	unsigned count;
};

static error_t parse_fetch(int key, char *value, struct argp_state *state)
{
	struct fetch_options *options = state->input;
	struct fetch *fetch;
	struct err err = {0};

	if (key == ARGP_KEY_END && options->count == 0)
		argp_error(state, "fetch what? for instance debian:6.12");
	if (key != ARGP_KEY_ARG)
		return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
	if (options->count == APT_DOWNLOADS_MOST)
		argp_error(state, "cannot fetch more than %d kernels at once", APT_DOWNLOADS_MOST);
	fetch = &options->wanted[options->count++];
	fetch->name = value;
	if (kernel_debian_version(value, &fetch->version, &err) < 0)
		exit(report_error(&err));
	if (!fetch->version)
		argp_error(state, "cannot fetch \"%.80s\": write debian:VERSION, for instance debian:6.12", value);
	return 0;
}

static void print_outcome(const struct fetch *fetch)
{
	const char *what = fetch->state == FETCH_STORED    ? "fetched"
			   : fetch->state == FETCH_PRESENT ? "already here, and the newest"
							   : "already here; whether it is the newest is not known";
	char bytes[32] = "none";

	if (fetch->manifest.vmlinux.bytes)
		number_format_bytes(fetch->manifest.vmlinux.bytes, bytes, sizeof(bytes));
	printf("%-16s %s, %s (vmlinux with PVH entry: %s)\n", fetch->name, fetch->manifest.version, what, bytes);
}

static int print_outcomes(const struct fetch_options *options)
{
	int status = 0;

	for (unsigned i = 0; i < options->count; i++) {
		const struct fetch *fetch = &options->wanted[i];

		if (fetch->state == FETCH_FAILED)
			status = report_error(&fetch->err);
		else if (fetch->state != FETCH_PENDING)
			print_outcome(fetch);
	}
	return status;
}

int kernels_fetch(int argc, char *argv[])
{
	static const struct argp argp = {
		NULL,
		parse_fetch,
		"debian:VERSION...",
		"Get kernels from Debian's archive into the cache: of each version the newest package of all suites.\v"
		"debian:7.2 is the newest 7.2.x, debian:7.2.13 that one. Signatures of the archive are verified by "
		"apt, "
		"on a state of its own. `enomem kernels list --available` shows what there is.",
		NULL,
		NULL,
		NULL};
	static char name[] = "enomem kernels fetch";
	struct fetch_options *options =
		calloc(1, sizeof(*options)); /* too large for what the runner has at hand always */
	const struct apt_progress progress = progress_of_terminal();
	struct fetch_session session = {.apt.lock = -1};
	struct err err = {0};
	char cache[PATH_MAX];
	int status, outcome;

	if (!options) {
		err_no_memory(&err);
		return report_error(&err);
	}
	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, options);
	schedule_catch_interrupts();
	status = cache_find(cache, &err);
	if (status == 0)
		status = fetch_begin(cache, &progress, options->wanted, options->count, &session, &err);
	if (status == 0) {
		clear_progress();
		warn(&session.warning);
		status = fetch_run(cache, &session, options->wanted, options->count);
		clear_progress();
	}
	fetch_end(&session);
	outcome = print_outcomes(options);
	free(options);
	return finish_stdout(status < 0 ? failed(status, &err) : outcome);
}
