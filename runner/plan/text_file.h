/* Files that people write, read whole. */
#ifndef ENOMEM_PLAN_TEXT_FILE_H
#define ENOMEM_PLAN_TEXT_FILE_H

#include <stddef.h>

#include "support/err.h"

#define TEXT_FILE_BYTES_MOST (1024 * 1024)

/*
 * Read a file (or a pipe) of at most TEXT_FILE_BYTES_MOST bytes; *ret is the caller's to free, with a
 * NUL behind its `*ret_length` bytes. -EFBIG for more, -EISDIR for a directory.
 */
int text_file_read(const char *path, char **ret, size_t *ret_length, struct err *err);

#endif
