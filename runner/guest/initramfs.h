/* The initramfs of a guest: the agent, the scenarios' programs, and the cells that it is to run. */
#ifndef ENOMEM_GUEST_INITRAMFS_H
#define ENOMEM_GUEST_INITRAMFS_H

#include <stddef.h>

#include "plan/catalogue.h"

struct initramfs;

/* Begin one, with the agent as /init, in a memfd. -ENOENT without the agent's program, -ENOMEM, -ENOSPC. */
int initramfs_begin(const struct catalogue *catalogue, struct initramfs **ret, struct err *err);

/* Add a scenario's program, once. */
int initramfs_add_scenario(struct initramfs *initramfs, const char *name, struct err *err);

/* Add a line to /cells; without its newline. */
int initramfs_add_cell(struct initramfs *initramfs, const char *line, struct err *err);

/* Finish: *ret is the memfd, the caller's. `initramfs` is gone in any case. */
int initramfs_finish(struct initramfs *initramfs, int *ret, struct err *err);

/* Give it up. Takes NULL. */
void initramfs_free(struct initramfs *initramfs);

#endif
