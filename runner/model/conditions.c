#include "model/conditions.h"

#include <inttypes.h>
#include <stdio.h>

/* Counters and limits far above any machine; sums below must not wrap. */
static uint64_t add(uint64_t a, uint64_t b)
{
	return a > UNLIMITED - b ? UNLIMITED : a + b;
}

static uint64_t limit_pages(const struct limit *limit, uint64_t page_bytes)
{
	return limit->soft == UNLIMITED ? UNLIMITED : limit->soft / page_bytes;
}

static bool map_count_compare(const struct model_state *state, uint64_t plus, bool or_equal, struct comparison *ret)
{
	uint64_t count = add(state->map_count, plus);

	if (count < state->max_map_count || (count == state->max_map_count && !or_equal))
		return false;
	ret->value = count;
	ret->limit = state->max_map_count;
	if (plus)
		snprintf(ret->text, sizeof(ret->text),
			 "map count %" PRIu64 " + %" PRIu64 " %s vm.max_map_count %" PRIu64, state->map_count, plus,
			 or_equal ? ">=" : ">", state->max_map_count);
	else
		snprintf(ret->text, sizeof(ret->text), "map count %" PRIu64 " %s vm.max_map_count %" PRIu64,
			 state->map_count, or_equal ? ">=" : ">", state->max_map_count);
	return true;
}

bool map_count_above(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	(void)request;
	return map_count_compare(state, 0, false, ret);
}

bool map_count_reached(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	(void)request;
	return map_count_compare(state, 0, true, ret);
}

/* From 7.1: every mremap must leave room for the worst case, two splits at each end; from 7.2 DONTUNMAP for one more.
 */
bool mremap_count_any(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	bool one_more = request->dontunmap && state->version >= KERNEL(7, 2);

	return map_count_compare(state, one_more ? 5 : 4, false, ret);
}

/* Up to 7.0: MREMAP_FIXED and DONTUNMAP, mm->map_count + 2 >= max - 3. */
bool mremap_count_fixed(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	return (request->fixed || request->dontunmap) && map_count_compare(state, 5, true, ret);
}

/* Up to 7.0: a move, mm->map_count >= max - 3. */
bool mremap_count_move(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	return (request->moves || request->fixed) && map_count_compare(state, 3, true, ret);
}

bool address_space_full(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	if (request->chosen || request->over || request->pages <= state->largest_gap_pages)
		return false;
	ret->value = request->pages;
	ret->limit = state->largest_gap_pages;
	snprintf(ret->text, sizeof(ret->text),
		 "request %" PRIu64 " pages > largest hole of the address space %" PRIu64 " pages", ret->value,
		 ret->limit);
	return true;
}

static bool pages_exceed(uint64_t now, uint64_t more, uint64_t limit, const char *what, const char *knob,
			 struct comparison *ret)
{
	if (limit == UNLIMITED || add(now, more) <= limit)
		return false;
	ret->value = add(now, more);
	ret->limit = limit;
	snprintf(ret->text, sizeof(ret->text), "%s %" PRIu64 " + %" PRIu64 " pages > %s %" PRIu64 " pages", what, now,
		 more, knob, limit);
	return true;
}

/* mprotect asks with the pages it changes, though it adds none. */
static uint64_t asked_pages(const struct request *request)
{
	return request->call == REQUEST_MPROTECT ? request->pages : request_growth_pages(request);
}

bool as_exceeded(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	/* mremap asks may_expand_vm() only when it needs more (mm/mremap.c vma_to_resize(), check_prep_vma()). */
	if (request->call == REQUEST_MREMAP && request_growth_pages(request) == 0)
		return false;
	return pages_exceed(state->total_pages, asked_pages(request), limit_pages(&state->as, state->page_bytes),
			    "address space", "RLIMIT_AS", ret);
}

bool data_exceeded(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	uint64_t data = request_data_pages(request);

	/* may_expand_vm() lets a soft limit of 0 pass up to the hard one, for Valgrind. */
	if (data == 0)
		return false;
	/* Over a mapping, mmap asks for the pages that are new, whatever the old ones were (count_vma_pages_range()).
	 */
	if (request->over)
		data = 0;
	if (state->data.soft == 0 &&
	    (state->data.hard == UNLIMITED || add(state->data_pages, data) <= state->data.hard / state->page_bytes))
		return false;
	return pages_exceed(state->data_pages, data, limit_pages(&state->data, state->page_bytes), "data",
			    "RLIMIT_DATA", ret);
}

/*
 * mprotect asks may_expand_vm() twice and refuses only when the old flags would still fit, so
 * above RLIMIT_AS it does not see RLIMIT_DATA (mm/mprotect.c mprotect_fixup()).
 */
bool data_exceeded_by_mprotect(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	struct comparison ignored;

	if (request->from == PROTECTION_WRITE || request->to != PROTECTION_WRITE)
		return false;
	return !as_exceeded(state, request, &ignored) && data_exceeded(state, request, ret);
}

bool data_bytes_exceeded(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	uint64_t more = request->pages > UNLIMITED / state->page_bytes ? UNLIMITED : request->pages * state->page_bytes;
	uint64_t bytes = add(state->brk_bytes, more);

	if (state->data.soft == UNLIMITED || bytes <= state->data.soft)
		return false;
	ret->value = bytes;
	ret->limit = state->data.soft;
	snprintf(ret->text, sizeof(ret->text),
		 "program data and heap %" PRIu64 " bytes > RLIMIT_DATA %" PRIu64 " bytes", ret->value, ret->limit);
	return true;
}

bool memlock_forbidden(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	if (!request->locked || state->cap_ipc_lock || state->memlock.soft != 0)
		return false;
	ret->value = request->pages;
	ret->limit = 0;
	snprintf(ret->text, sizeof(ret->text), "RLIMIT_MEMLOCK is 0 and there is no CAP_IPC_LOCK");
	return true;
}

bool memlock_exceeded(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	if (!request->locked || state->cap_ipc_lock)
		return false;
	return pages_exceed(state->locked_pages, request->pages, limit_pages(&state->memlock, state->page_bytes),
			    "locked", "RLIMIT_MEMLOCK", ret);
}

static bool one_process_more(uint64_t now, uint64_t limit, const char *what, const char *knob, struct comparison *ret)
{
	if (limit == UNLIMITED || now == UNKNOWN || now + 1 <= limit)
		return false;
	ret->value = now + 1;
	ret->limit = limit;
	snprintf(ret->text, sizeof(ret->text), "%s %" PRIu64 " + 1 processes > %s %" PRIu64, what, now, knob, limit);
	return true;
}

/* copy_process(): compared before anything is copied. */
bool nproc_exceeded(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	(void)request;
	return !state->exempt_from_nproc &&
	       one_process_more(state->user_processes, state->nproc.soft, "the user's", "RLIMIT_NPROC", ret);
}

/* pids_can_fork(): compared when the whole address space has been copied. */
bool group_pids_exceeded(const struct model_state *state, const struct request *request, struct comparison *ret)
{
	(void)request;
	return one_process_more(state->group_processes, state->group_pids_max, "the cgroup's", "pids.max", ret);
}
