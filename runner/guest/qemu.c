#include "guest/qemu.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "qemu-system-x86_64"

/* Each was measured to shorten the boot, or is needed; see results/README.md on guests. */
#define MACHINE "q35,hpet=off,smbus=off,sata=off,vmport=off"
#define CMDLINE                                                                                              \
	"console=ttyS0 quiet panic=-1 oops=panic nokaslr mitigations=off cryptomgr.notests 8250.nr_uarts=1 " \
	"random.trust_cpu=on"

static int no_qemu(const char *name, struct err *err)
{
	err_set(err, ENOENT, "cannot run a guest: there is no %s", name);
	return err_advise(err,
			  "install the package qemu-system-x86 (apt-get install qemu-system-x86), or set ENOMEM_QEMU");
}

int qemu_find(struct qemu *ret, struct err *err)
{
	const char *said = getenv("ENOMEM_QEMU"), *list = getenv("PATH");
	char copy[8192], *position = NULL;

	*ret = (struct qemu){.accelerator = ACCELERATOR_TCG};
	if (said && *said) {
		snprintf(ret->path, sizeof(ret->path), "%s", said);
		return access(said, X_OK) == 0 ? 0 : no_qemu(said, err);
	}
	snprintf(copy, sizeof(copy), "%s", list ? list : "/usr/bin:/usr/local/bin");
	for (char *directory = strtok_r(copy, ":", &position); directory; directory = strtok_r(NULL, ":", &position)) {
		snprintf(ret->path, sizeof(ret->path), "%s/" PROGRAM, directory);
		if (access(ret->path, X_OK) == 0)
			return 0;
	}
	return no_qemu(PROGRAM, err);
}

const char *accelerator_word(enum accelerator accelerator)
{
	return accelerator == ACCELERATOR_KVM ? "KVM" : "TCG";
}

/* Overflow is noted by a length beyond the text's size. */
static void add(struct qemu_command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct qemu_command *command, const char *format, ...)
{
	size_t room = command->length < sizeof(command->text) ? sizeof(command->text) - command->length : 0;
	char *word = command->text + command->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(room ? word : NULL, room, format, arguments);
	va_end(arguments);
	command->length += (size_t)length + 1;
	if (command->count < QEMU_WORDS_MOST - 1)
		command->words[command->count++] = word;
	else
		command->length = sizeof(command->text) + 1;
}

static void add_accelerator(struct qemu_command *command, enum accelerator accelerator)
{
	bool kvm = accelerator == ACCELERATOR_KVM;

	add(command, "-accel");
	add(command, kvm ? "kvm" : "tcg");
	add(command, "-cpu");
	/* QEMU 7.2's cmpxchg16b corrupts guests now and then. */
	add(command, kvm ? "host" : "max,-cx16");
}

/* Memory and CPUs, spread over the nodes; the last one has what does not divide. */
static void add_nodes(struct qemu_command *command, const struct guest_shape *shape)
{
	uint64_t each = (shape->memory_bytes >> 20) / shape->numa_nodes;

	for (unsigned node = 0; node < shape->numa_nodes; node++) {
		uint64_t mib = node + 1 < shape->numa_nodes ? each : (shape->memory_bytes >> 20) - each * node;

		add(command, "-object");
		add(command, "memory-backend-ram,id=ram%u,size=%" PRIu64 "M", node, mib);
		add(command, "-numa");
		add(command, "node,nodeid=%u,memdev=ram%u", node, node);
	}
	for (unsigned cpu = 0; cpu < shape->cpus; cpu++) {
		add(command, "-numa");
		add(command, "cpu,node-id=%u,socket-id=%u", cpu % shape->numa_nodes, cpu);
	}
}

static void add_machine(struct qemu_command *command, const struct guest_shape *shape)
{
	add(command, "-machine");
	add(command, MACHINE);
	add(command, "-m");
	add(command, "%" PRIu64 "M", shape->memory_bytes >> 20);
	add(command, "-smp");
	add(command, "%u,sockets=%u,cores=1,threads=1", shape->cpus, shape->cpus);
	if (shape->numa_nodes > 1)
		add_nodes(command, shape);
}

static void add_channels(struct qemu_command *command, const struct guest_files *files)
{
	add(command, "-debugcon");
	add(command, "stdio");
	add(command, "-serial");
	add(command, "file:/proc/self/fd/%d", files->console_fd);
	add(command, "-device");
	add(command, "isa-debug-exit,iobase=0x501,iosize=2");
	if (files->swap_fd < 0)
		return;
	add(command, "-drive");
	add(command, "if=none,id=swap,format=raw,cache=unsafe,file.locking=off,file=/proc/self/fd/%d", files->swap_fd);
	add(command, "-device");
	add(command, "nvme,drive=swap,serial=swap");
}

int qemu_command_make(const struct qemu *qemu, const struct kernel *kernel, const struct guest_shape *shape,
		      const struct guest_files *files, struct qemu_command *ret, struct err *err)
{
	ret->count = 0;
	ret->length = 0;
	add(ret, "%s", qemu->path);
	add(ret, "-nodefaults");
	add(ret, "-no-user-config");
	add(ret, "-no-reboot");
	add(ret, "-display");
	add(ret, "none");
	add_accelerator(ret, qemu->accelerator);
	add_machine(ret, shape);
	add_channels(ret, files);
	add(ret, "-kernel");
	add(ret, "%s", kernel->image);
	add(ret, "-initrd");
	add(ret, "/proc/self/fd/%d", files->initramfs_fd);
	add(ret, "-append");
	add(ret, CMDLINE "%s %s", files->swap_fd < 0 ? "" : " enomem.swap", shape->cmdline);
	ret->words[ret->count] = NULL;
	if (ret->length <= sizeof(ret->text))
		return 0;
	return err_set(err, E2BIG, "cannot run a guest: QEMU's command line is too long");
}
