#include "kernels/fetch.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "kernels/cache.h"
#include "kernels/find.h"
#include "kernels/version.h"

#define INDEX_AGE_S (24 * 60 * 60)

/* A clock that was put back makes an index no fresher. */
static bool is_fresh(const struct package_index *index)
{
	int64_t age_s = time(NULL) - index->fetched_s;

	return index->is_complete && age_s >= 0 && age_s < INDEX_AGE_S;
}

int fetch_resolve(const struct package_index *index, struct fetch *wanted, unsigned count, struct err *err)
{
	char minors[160];

	for (unsigned i = 0; i < count; i++) {
		wanted[i].package = package_index_newest(index, wanted[i].version);
		if (wanted[i].package || wanted[i].state == FETCH_KEPT)
			continue;
		if (index->count == 0)
			return err_set(err, ENOENT, "cannot fetch %s: the archive has no kernels for x86-64",
				       wanted[i].name);
		err_set(err, ENOENT, "cannot fetch %s: the archive has no such version", wanted[i].name);
		return err_advise(err, "it has %s; `enomem kernels list --available` shows all",
				  package_index_minors(index, minors, sizeof(minors)));
	}
	return 0;
}

static void keep_cached(const char *cache, struct fetch *wanted, unsigned count)
{
	struct inventory inventory = {0};
	struct err ignored = {0};

	if (inventory_read(cache, "/nonexistent", &inventory, &ignored) < 0)
		return;
	for (unsigned i = 0; i < count; i++) {
		const struct inventory_kernel *found = inventory_newest(&inventory, wanted[i].version);

		if (!found || found->damage[0])
			continue;
		wanted[i].state = FETCH_KEPT;
		wanted[i].manifest = found->manifest;
	}
	inventory_free(&inventory);
}

static bool all_kept(const struct fetch *wanted, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (wanted[i].state != FETCH_KEPT)
			return false;
	}
	return count > 0;
}

/* The refresh failed. An old index that has what is wanted does, and so does a cache that has it. */
static int do_without(const char *cache, struct fetch_session *session, struct fetch *wanted, unsigned count,
		      bool had_old, struct err *reason, struct err *err)
{
	struct err missing = {0};

	session->warning = *reason;
	if (had_old && fetch_resolve(&session->index, wanted, count, &missing) == 0)
		return 0;
	keep_cached(cache, wanted, count);
	if (all_kept(wanted, count))
		return 0;
	session->warning = (struct err){0};
	*err = *reason;
	return -err->code;
}

static int refresh(const char *cache, struct fetch_session *session, struct fetch *wanted, unsigned count, bool had_old,
		   struct err *err)
{
	struct package_index fresh = {0};
	struct err reason = {0};
	int status = apt_refresh(&session->apt, &fresh, &reason);

	if (status == -EINTR) {
		*err = reason;
		return status;
	}
	if (status < 0)
		return do_without(cache, session, wanted, count, had_old, &reason, err);
	package_index_free(&session->index);
	session->index = fresh;
	if (status > 0)
		session->warning = reason;
	return 0;
}

int fetch_begin(const char *cache, const struct apt_progress *progress, struct fetch *wanted, unsigned count,
		struct fetch_session *ret, struct err *err)
{
	struct err missing = {0};
	int status;
	bool had_old;

	*ret = (struct fetch_session){.apt.lock = -1};
	status = apt_open(cache, progress, &ret->apt, err);
	if (status < 0)
		return status;
	had_old = apt_load_index(&ret->apt, &ret->index) == 0;
	if (had_old && is_fresh(&ret->index) && fetch_resolve(&ret->index, wanted, count, &missing) == 0)
		return 0;
	status = refresh(cache, ret, wanted, count, had_old, err);
	if (status < 0)
		return status;
	status = fetch_resolve(&ret->index, wanted, count, err);
	if (status < 0 && ret->warning.code)
		err_advise(err, "the index is not complete: %.180s", ret->warning.text);
	return status;
}

void fetch_end(struct fetch_session *session)
{
	package_index_free(&session->index);
	if (session->apt.lock >= 0)
		apt_clean(&session->apt);
	apt_close(&session->apt);
}
