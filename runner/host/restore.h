/* Putting back what a journal says was changed. */
#ifndef ENOMEM_HOST_RESTORE_H
#define ENOMEM_HOST_RESTORE_H

#include <stdbool.h>

/* Takes one line of what was done, or of what was left alone and why; may be NULL. */
typedef void restore_say(const char *line);

/*
 * Have the memory that restore_all() needs, now: later there may be none. Children have it, too.
 * 0 or -ENOMEM.
 */
int restore_prepare(void);

/*
 * Put back everything in the journal on disk, and remove it: sysctls first, in an order that works,
 * then cgroups and swap files. A value that is neither what it was nor what enomem gave it is
 * somebody else's: it stays, and that is said. Sysctls of an earlier boot are gone with it.
 *
 * Uses no more memory than restore_prepare() got, may be called again after it was interrupted anywhere, and by several
 * processes at once: one does it and the others wait. Returns 0 when nothing is left (or there was nothing), else the
 * negative errno of the first thing that could not be put back: the journal then stays.
 */
int restore_all(restore_say *say);

/* Whether there is a journal. */
bool restore_is_needed(void);

#endif
