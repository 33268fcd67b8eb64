/* Whom to trace: an agent knows its scenario only by the pid of its own namespace. */
#ifndef ENOMEM_WITNESS_CHILD_H
#define ENOMEM_WITNESS_CHILD_H

#include <sys/types.h>

/* The only child of a process, or -ESRCH when there is none, -EMLINK when there are several. Uses no heap. */
pid_t witness_child(pid_t parent);

#endif
