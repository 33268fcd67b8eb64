/* Kernels from Debian's archive into the cache. */
#ifndef ENOMEM_KERNELS_FETCH_H
#define ENOMEM_KERNELS_FETCH_H

#include "kernels/apt.h"
#include "kernels/manifest.h"

enum fetch_state {
	FETCH_PENDING,
	FETCH_STORED,  /* now in the cache */
	FETCH_PRESENT, /* was there, and is the newest of its version that the archive has */
	FETCH_KEPT,    /* is there; whether it is the newest is not known, since there is no index now */
	FETCH_FAILED,  /* see `err` */
};

struct fetch {
	const char *name;                     /* "debian:7.2", the caller's */
	const char *version;                  /* "7.2", in it */
	const struct kernel_package *package; /* what it means, in the session's index */
	enum fetch_state state;
	struct manifest manifest; /* of what is in the cache now */
	struct err err;
};

struct fetch_session {
	struct apt apt;
	struct package_index index;
	struct err warning; /* code 0: none. Else the index is not complete, or could not be refreshed */
};

/*
 * Lock the archive's state and get an index in which all `wanted` versions are, refreshing it when it is older than a
 * day or lacks one. With `count` 0 any index will do. Errors as of apt_open() and apt_refresh(). After an error that
 * leaves no index, wanted kernels that are in the cache become FETCH_KEPT; if all are, that is a warning. Release with
 * fetch_end(), after an error, too.
 */
int fetch_begin(const char *cache, const struct apt_progress *progress, struct fetch *wanted, unsigned count,
		struct fetch_session *ret, struct err *err);
void fetch_end(struct fetch_session *session);

/*
 * Fetch what is wanted and not there: download all, then store one after the other. Each tells what came of it.
 * Returns 0 or -EINTR: then those not reached are still pending.
 */
int fetch_run(const char *cache, struct fetch_session *session, struct fetch *wanted, unsigned count);

/* Do the versions exist in the index? -ENOENT names the first that does not, and what there is. */
int fetch_resolve(const struct package_index *index, struct fetch *wanted, unsigned count, struct err *err);

#endif
