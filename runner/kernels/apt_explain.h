/* What apt-get's messages mean. Pure. */
#ifndef ENOMEM_KERNELS_APT_EXPLAIN_H
#define ENOMEM_KERNELS_APT_EXPLAIN_H

#include "support/err.h"

/*
 * Fill `err` with "cannot <what>: <apt's message>" and what can be done, from what apt-get wrote to stderr in the C
 * locale. The code tells the kind: ENETUNREACH offline, EKEYREJECTED a signature that does not fit or is missing,
 * EBADMSG a hash that does not, ESTALE an index that has expired, ENOSPC, EACCES, else EIO. Returns -code.
 */
int apt_explain(const char *messages, const char *what, struct err *err);

#endif
