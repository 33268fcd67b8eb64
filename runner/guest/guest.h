/* One boot of a guest: a QEMU process, its records, its console. */
#ifndef ENOMEM_GUEST_GUEST_H
#define ENOMEM_GUEST_GUEST_H

#include <jansson.h>
#include <sys/types.h>

#include "guest/qemu.h"

struct guest {
	pid_t pid; /* 0: none */
	int pid_fd;
	int output_fd;  /* its records come here */
	int console_fd; /* a memfd with what its kernel printed */
	int errors_fd;  /* a memfd with what QEMU itself had to say */
	int swap_fd;    /* a memfd, its swap device; -1: none */
	char *text;
	size_t length, size;
};

/*
 * Start QEMU. Takes `initramfs_fd` over in any case. The guest dies with its runner. -ENOMEM, -EMFILE ...
 * Whatever was made is released by guest_end().
 */
int guest_start(const struct qemu *qemu, const struct kernel *kernel, const struct guest_shape *shape, int initramfs_fd,
		struct guest *ret, struct err *err);

/* Read what is there. 1: more may come; 0: the end was reached; negative errno: give up on it. */
int guest_read(struct guest *guest);

/*
 * Take the next whole record out of what was read: 1 and a new reference in *ret, 0 when there is none,
 * -EBADMSG for a damaged line.
 */
int guest_next(struct guest *guest, json_t **ret);

/* Kill it when it has not ended, and reap it; *ret_status is as of waitpid(). The rest stays readable. */
void guest_kill(struct guest *guest, int *ret_status);

/*
 * How it ended, from the console: a panic's or an oops's own words where there are some, else the last line of
 * the console, or what QEMU said. Returns `buffer`, which is "" when nothing was said.
 */
const char *guest_last_words(const struct guest *guest, char *buffer, size_t size);

/* The last lines of the console, with control characters taken out. Returns `buffer`. */
const char *guest_console_tail(const struct guest *guest, char *buffer, size_t size);

/* Release everything. Takes a zeroed one with descriptors of -1. */
void guest_end(struct guest *guest);

#define GUEST_NONE                                                                              \
	{                                                                                       \
		.pid_fd = -1, .output_fd = -1, .console_fd = -1, .errors_fd = -1, .swap_fd = -1 \
	}

#endif
