/* The conditions of commit accounting: mm/util.c __vm_enough_memory() and its callers. */
#include <inttypes.h>
#include <stdio.h>

#include "model/conditions.h"

/* What mode 2 lets this process commit: the limit less the reserves. */
static uint64_t allowed_pages(const struct model_state *state)
{
	const struct commit_state *commit = &state->commit;
	uint64_t user = state->total_pages / 32;
	uint64_t reserve = commit->cap_sys_admin ? 0 : commit->admin_reserve_pages;

	reserve += user < commit->user_reserve_pages ? user : commit->user_reserve_pages;
	return commit->limit_pages > reserve ? commit->limit_pages - reserve : 0;
}

static bool heuristic_refuses(const struct commit_state *commit, uint64_t pages, const char *what,
			      struct comparison *ret)
{
	if (commit->mode == 1 || commit->mode == 2 || pages <= commit->total_pages)
		return false;
	ret->value = pages;
	ret->limit = commit->total_pages;
	snprintf(ret->text, sizeof(ret->text),
		 "%s %" PRIu64 " pages > RAM + swap %" PRIu64 " pages (vm.overcommit_memory=%" PRIu64 ")", what, pages,
		 commit->total_pages, commit->mode);
	return true;
}

/* The charge is made first, compared strictly, and given back when refused. */
static bool limit_refuses(const struct model_state *state, uint64_t pages, struct comparison *ret)
{
	struct commit_state charged = state->commit;
	uint64_t allowed = allowed_pages(state);

	if (charged.mode != 2 || charged.limit_pages >= UNKNOWN)
		return false;
	commit_charge(&charged, (int64_t)pages);
	if (commit_counted(&charged) < allowed)
		return false;
	ret->value = charged.committed_pages;
	ret->limit = allowed;
	snprintf(ret->text, sizeof(ret->text),
		 "commit charge %" PRIu64 " + %" PRIu64 " pages >= commit limit less reserves %" PRIu64 " pages",
		 state->commit.committed_pages, pages, allowed);
	return true;
}

bool commit_heuristic_refuses(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	/* Made in parts, no single request is as large as that. */
	uint64_t pages = request->pieces ? 1 : request_charged_pages(request, state->commit.mode);

	return heuristic_refuses(&state->commit, pages, "request", ret);
}

bool commit_limit_refuses(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	uint64_t pages = request_charged_pages(request, state->commit.mode);

	return pages && limit_refuses(state, pages, ret);
}

/* dup_mmap() charges VMA by VMA: in mode 0 each is compared alone, in mode 2 they add up. */
bool fork_heuristic_refuses(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	(void)request;
	return heuristic_refuses(&state->commit, state->largest_accounted_pages, "largest VMA", ret);
}

/* VMA by VMA in order of address, since charges smaller than a batch may not be seen at once. */
static bool fork_refused_one_by_one(const struct model_state *state, struct comparison *ret)
{
	struct model_state charging = *state;

	for (unsigned i = 0; i < state->accounted_count; i++) {
		const struct accounted_run *run = &state->accounted[i];

		for (uint64_t j = 0; j < run->count; j++) {
			if (limit_refuses(&charging, run->pages, ret))
				return true;
			commit_charge(&charging.commit, (int64_t)run->pages);
		}
	}
	return false;
}

bool fork_limit_refuses(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	(void)request;
	if (state->commit.mode != 2 || state->accounted_pages == 0)
		return false;
	if (state->commit.synchronised && state->accounted_count)
		return fork_refused_one_by_one(state, ret);
	return limit_refuses(state, state->accounted_pages, ret);
}
