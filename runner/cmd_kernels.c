/* `enomem kernels`: the kernels that guests can run. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_kernels.h"
#include "command.h"
#include "kernels/cache.h"
#include "kernels/find.h"
#include "report/kernels.h"
#include "support/suggest.h"

/* What is cached differs from what was stored. */
#define EXIT_DAMAGED 1

struct kernels_command {
	const char *name;
	int (*run)(int argc, char *argv[]);
};

static const struct kernels_command commands[] = {
	{"list", kernels_list},
	{"fetch", kernels_fetch},
	{"show", kernels_show},
	{"verify", kernels_verify},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static void print_help(void)
{
	puts("Usage: enomem kernels list [--available] [--json]\n"
	     "       enomem kernels fetch debian:VERSION...\n"
	     "       enomem kernels show KERNEL...\n"
	     "       enomem kernels verify\n"
	     "\n"
	     "The kernels that `enomem run --env vm:KERNEL` boots in disposable guests. KERNEL is\n"
	     "\n"
	     "  debian:VERSION  Debian's kernel for clouds: debian:6.1 is the newest 6.1.x that is fetched or in "
	     "/boot,\n"
	     "                  debian:7.2.13 that one\n"
	     "  a path          of any x86-64 bzImage (/boot/vmlinuz-*, arch/x86/boot/bzImage) or vmlinux\n"
	     "\n"
	     "list    what can be used now, newest first; --available: also what can be fetched\n"
	     "fetch   get kernels from Debian's archive. apt verifies the archive's signatures; it works on a state "
	     "of\n"
	     "        its own in the cache, so that this machine's packages are not concerned. No privilege is needed\n"
	     "show    which kernel a name means, and what QEMU boots: the vmlinux inside, which is extracted into the "
	     "cache\n"
	     "        the first time, or the image itself where the vmlinux has no PVH entry\n"
	     "verify  compare the cached kernels with the digests recorded when they were stored (on each use only\n"
	     "        size and time are compared, unless they differ)\n"
	     "\n"
	     "The cache is $XDG_CACHE_HOME/enomem, else ~/.cache/enomem; all of it may be removed at any time.\n"
	     "ENOMEM_DEBIAN_MIRROR is another mirror than http://deb.debian.org/debian, ENOMEM_DEBIAN_KEYRING the keys "
	     "of\n"
	     "another archive than Debian's.\n"
	     "\n"
	     "Exit status: 0 well, 1 a cached kernel is damaged, 2 bad usage, or not all could be fetched, 128 + "
	     "signal\n"
	     "when interrupted.");
}

static int unknown_command(const char *name)
{
	struct suggestion near = {0};
	struct err err = {0};

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		suggest_consider(&near, name, commands[i].name);
	err_set(&err, EINVAL, "cannot run \"kernels %.80s\": there is no such command", name);
	if (near.word)
		err_advise(&err, "did you mean \"enomem kernels %s\"?", near.word);
	else
		err_advise(&err,
			   "the commands are list, fetch, show and verify; `enomem kernels --help` explains them");
	return report_error(&err);
}

int cmd_kernels(int argc, char *argv[])
{
	if (argc < 2) {
		print_help();
		return finish_stdout(EXIT_USAGE);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return finish_stdout(0);
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	return unknown_command(argv[1]);
}

static error_t parse_show(int key, char *value, struct argp_state *state)
{
	(void)value;
	if (key == ARGP_KEY_NO_ARGS)
		argp_error(state, "show what? a kernel, for instance debian:6.12 or /boot/vmlinuz");
	if (key == ARGP_KEY_ARGS)
		*(char ***)state->input = state->argv + state->next;
	return key == ARGP_KEY_ARGS ? 0 : ARGP_ERR_UNKNOWN;
}

int kernels_show(int argc, char *argv[])
{
	static const struct argp argp = {
		NULL, parse_show, "KERNEL...", "Show which kernel each name means, and what of it QEMU boots.",
		NULL, NULL,       NULL};
	static char name[] = "enomem kernels show";
	char **names = NULL;
	int outcome = 0;

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &names);
	for (; names && *names; names++) {
		struct kernel kernel;
		struct err err = {0};

		if (kernel_find(*names, &kernel, &err) < 0)
			outcome = report_error(&err);
		else
			printf("%s: %s, boots %s (%s)\n", kernel.name, kernel.release, kernel.image,
			       kernel.is_pvh ? "vmlinux, PVH" : "bzImage");
	}
	return finish_stdout(outcome);
}

static error_t parse_nothing(int key, char *value, struct argp_state *state)
{
	(void)value;
	if (key == ARGP_KEY_ARG)
		argp_error(state, "verify takes no arguments");
	return ARGP_ERR_UNKNOWN;
}

static int verify_file(const char *entry, const char *name, const struct manifest_file *file, struct err *err)
{
	char path[PATH_MAX];
	int status = file->bytes ? cache_path(path, entry, name, err) : 0;

	return file->bytes && status == 0 ? manifest_check(path, file, true, err) : status;
}

/* Returns whether it is in order, and says so. */
static bool verify(const struct inventory_kernel *kernel)
{
	struct err err = {0};
	int status = 0;

	if (kernel->damage[0])
		status = err_set(&err, EBADMSG, "%s", kernel->damage);
	if (status == 0)
		status = verify_file(kernel->entry, "vmlinuz", &kernel->manifest.vmlinuz, &err);
	if (status == 0)
		status = verify_file(kernel->entry, "vmlinux", &kernel->manifest.vmlinux, &err);
	printf("%-20s  %-32s  %s\n", kernel->name, kernel->manifest.release, status < 0 ? "damaged" : "in order");
	if (status == 0)
		return true;
	if (kernel->is_debian)
		err_advise(&err, "`enomem kernels fetch debian:%s` fetches it again", kernel->manifest.version);
	else
		err_advise(&err, "remove %.200s", kernel->entry);
	report_error(&err);
	return false;
}

int kernels_verify(int argc, char *argv[])
{
	static const struct argp argp = {NULL, parse_nothing, "",  "Compare the cached kernels with their digests.",
					 NULL, NULL,          NULL};
	static char name[] = "enomem kernels verify";
	char cache[PATH_MAX];
	struct inventory inventory = {0};
	struct err err = {0};
	int damaged = 0;

	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	if (cache_find(cache, &err) < 0 || inventory_read(cache, KERNEL_BOOT_DIRECTORY, &inventory, &err) < 0)
		return report_error(&err);
	for (unsigned i = 0; i < inventory.count; i++) {
		if (inventory.kernels[i].source == KERNEL_FETCHED && !verify(&inventory.kernels[i]))
			damaged++;
	}
	inventory_free(&inventory);
	return finish_stdout(damaged ? EXIT_DAMAGED : 0);
}
