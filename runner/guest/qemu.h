/* QEMU: where it is, which accelerator works, and the command line of a guest. */
#ifndef ENOMEM_GUEST_QEMU_H
#define ENOMEM_GUEST_QEMU_H

#include <limits.h>

#include "guest/shape.h"
#include "kernels/kernel.h"
#include "plan/catalogue.h"

enum accelerator { ACCELERATOR_TCG, ACCELERATOR_KVM };

struct qemu {
	char path[PATH_MAX];
	enum accelerator accelerator;
};

/* Files that a guest inherits, each under /proc/self/fd. */
struct guest_files {
	int initramfs_fd, console_fd;
	int swap_fd; /* -1: none */
};

/*
 * Find the program: $ENOMEM_QEMU, else qemu-system-x86_64 in PATH. -ENOENT with the package that has
 * it. The accelerator is TCG until qemu_probe() says otherwise.
 */
int qemu_find(struct qemu *ret, struct err *err);

/*
 * Find out whether KVM works, by letting a guest say something under it, with a deadline: that
 * /dev/kvm can be opened does not mean that guests run. Uses TCG where it does not. Remembered in the
 * cache until this machine boots again.
 */
void qemu_probe(struct qemu *qemu, const struct kernel *kernel, const struct catalogue *catalogue);

const char *accelerator_word(enum accelerator accelerator);

#define QEMU_WORDS_MOST 64

/* The arguments, in `text`; words point into it. -E2BIG when they do not fit. */
struct qemu_command {
	char *words[QEMU_WORDS_MOST];
	unsigned count;
	char text[8192];
	size_t length;
};

int qemu_command_make(const struct qemu *qemu, const struct kernel *kernel, const struct guest_shape *shape,
		      const struct guest_files *files, struct qemu_command *ret, struct err *err);

#endif
