/* Command lines as text, to be given to a shell again. */
#ifndef ENOMEM_SUPPORT_SHELL_H
#define ENOMEM_SUPPORT_SHELL_H

#include <stddef.h>

/*
 * Add a space and the word, quoted where a shell would change it; what is no printable ASCII becomes '?'.
 * What does not fit into `size` bytes is cut.
 */
void shell_append(char *buffer, size_t size, const char *word);

#endif
