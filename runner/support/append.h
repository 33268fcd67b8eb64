/* Sentences that are put together piece by piece. */
#ifndef ENOMEM_SUPPORT_APPEND_H
#define ENOMEM_SUPPORT_APPEND_H

#include <stddef.h>

/* Add a formatted piece to the text in `buffer`; what does not fit into `size` bytes is cut. */
void text_append(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
