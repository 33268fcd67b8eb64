/*
 * Small files of the kernel, read whole or in pieces through a descriptor of the directory that
 * stands for "/". No stdio and no heap: the static agent uses these at a memory limit.
 * Paths are relative to that directory; errors name them with a leading slash.
 */
#ifndef ENOMEM_SUPPORT_FILE_H
#define ENOMEM_SUPPORT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "support/err.h"

/*
 * Read a file of at most `size` - 1 bytes and end it with a NUL; `ret_length` (may be NULL) does
 * not count that. -EFBIG when the file is longer: a part of it would be taken for the whole.
 */
int file_read_at(int root_fd, const char *path, char *buffer, size_t size, size_t *ret_length, struct err *err);

/* Read a file that holds one decimal number, as most of /proc/sys does. -EINVAL for any other text. */
int file_read_u64_at(int root_fd, const char *path, uint64_t *ret, struct err *err);

/* Takes the next piece of a file; pieces end anywhere. */
typedef void (*file_piece_fn)(void *context, const char *text, size_t length);

/* Hand a file of any length to `take` in pieces of at most 64 KiB. */
int file_read_pieces_at(int root_fd, const char *path, file_piece_fn take, void *context, struct err *err);

#endif
