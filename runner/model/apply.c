#include "model/apply.h"

#include <stddef.h>
#include <string.h>

const char *left_word(enum left left)
{
	return left == LEFT_HOLE ? "hole" : left == LEFT_KEPT ? "kept" : NULL;
}

static void lower(uint64_t *value, uint64_t by)
{
	*value = *value > by ? *value - by : 0;
}

/* A whole VMA that is charged for nothing. */
static void unmap(struct model_state *state, uint64_t pages)
{
	lower(&state->total_pages, pages);
	lower(&state->map_count, 1);
}

/* Where the kernel unmaps the overlap between two checks, *request is over nothing any more. */
static bool first_refusal(struct model_state *state, struct request *request, const struct check *const *checks,
			  struct refusal_reason *ret)
{
	bool was_over = request->over;

	for (; *checks; checks++) {
		if (!check_holds(*checks, state->version))
			continue;
		if (request->over && state->version < (*checks)->unmaps_until) {
			unmap(state, request->pages);
			request->over = false;
		}
		if ((*checks)->refuses(state, request, &ret->comparison)) {
			ret->check = *checks;
			ret->left = !was_over ? LEFT_NOT_ASKED : request->over ? LEFT_KEPT : LEFT_HOLE;
			return true;
		}
	}
	return false;
}

/* Pages in the largest of the areas over which the request is spread. */
static uint64_t largest_area(const struct request *request)
{
	uint64_t areas = request->areas ? request->areas : 1;

	return (request->pages + areas - 1) / areas;
}

/* Lists the new areas for fork, the larger ones first, as the remainder is spread. */
static void list_areas(struct model_state *state, const struct request *request)
{
	uint64_t areas = request->areas ? request->areas : 1;
	struct accounted_run larger = {request->pages / areas + 1, request->pages % areas};
	struct accounted_run smaller = {request->pages / areas, areas - request->pages % areas};

	if (state->accounted_count == 0 || state->accounted_count + 2 > ACCOUNTED_RUNS_MOST) {
		state->accounted_count = 0;
		return;
	}
	memmove(&state->accounted[state->gap_index + 2], &state->accounted[state->gap_index],
		(state->accounted_count - state->gap_index) * sizeof(*state->accounted));
	state->accounted[state->gap_index] = larger;
	state->accounted[state->gap_index + 1] = smaller;
	state->accounted_count += 2;
}

/* Pages of VMAs that the request makes and fork charges (VM_ACCOUNT); shmem is charged on its object. */
static uint64_t accounted_pages(const struct model_state *state, const struct request *request)
{
	return request->shared ? 0 : request_charged_pages(request, state->commit.mode);
}

/* Notes the new VMAs for fork; their charge has been made. */
static void account(struct model_state *state, const struct request *request)
{
	if (accounted_pages(state, request) == 0)
		return;
	state->accounted_pages += accounted_pages(state, request);
	if (largest_area(request) > state->largest_accounted_pages)
		state->largest_accounted_pages = largest_area(request);
	list_areas(state, request);
}

static void grow(struct model_state *state, const struct request *request)
{
	state->total_pages += request_growth_pages(request);
	state->data_pages += request_data_pages(request);
	if (request->locked)
		state->locked_pages += request->pages;
	commit_charge(&state->commit, (int64_t)request_charged_pages(request, state->commit.mode));
	account(state, request);
}

/* What an accepted request changes, but for the splits. */
static void take_effect(struct model_state *state, const struct request *request)
{
	switch (request->call) {
	case REQUEST_MMAP:
		grow(state, request);
		state->map_count += !request->merges && !request->over;
		break;
	case REQUEST_BRK:
		grow(state, request);
		state->brk_bytes += request->pages * state->page_bytes;
		state->map_count += !request->merges;
		break;
	case REQUEST_MPROTECT:
		if (request->from != PROTECTION_WRITE)
			state->data_pages += request_data_pages(request);
		commit_charge(&state->commit, (int64_t)request_charged_pages(request, state->commit.mode));
		break;
	case REQUEST_MUNMAP_HOLE:
		state->total_pages -= request->pages;
		state->map_count++;
		break;
	case REQUEST_MUNMAP: unmap(state, request->pages); break;
	case REQUEST_MLOCK: state->locked_pages += request->pages; break;
	case REQUEST_MREMAP:
		grow(state, request);
		state->map_count += request->dontunmap;
		lower(&state->total_pages, request->shrinks ? request->pages : 0);
		break;
	case REQUEST_MADVISE:
	case REQUEST_FORK: /* the child has exited again */
	case REQUEST_CALLS: break;
	}
}

/* __vm_enough_memory() charges before it compares; giving back again can leave a residue. */
static void charge_in_vain(struct model_state *state, const struct request *request, const struct check *check)
{
	uint64_t pages = request_charged_pages(request, state->commit.mode);

	if (state->commit.mode != 2 || strncmp(check->name, "commit-limit", 12) != 0 || pages == 0)
		return;
	commit_charge(&state->commit, (int64_t)pages);
	commit_charge(&state->commit, -(int64_t)pages);
}

static bool apply_one(struct model_state *state, const struct request *request, struct refusal_reason *ret)
{
	const struct check *const *split = split_checks_of(request->call);
	struct request asked = *request;

	if (first_refusal(state, &asked, checks_of(request->call), ret)) {
		charge_in_vain(state, &asked, ret->check);
		return false;
	}
	for (uint64_t i = 0; split && i < request->splits; i++) {
		if (first_refusal(state, &asked, split, ret))
			return false;
		state->map_count++;
	}
	take_effect(state, &asked);
	return true;
}

/*
 * The call is made for one area after the other, cut out of one VMA from its start on:
 * [area][gap][area][gap]. So the first splits once and the others twice.
 */
static bool apply_areas(struct model_state *state, const struct request *request, struct refusal_reason *ret)
{
	struct request area = *request;

	for (uint64_t i = 0; i < request->areas; i++) {
		area.pages = request->pages / request->areas + (i < request->pages % request->areas);
		area.splits = i == 0 ? 1 : 2;
		if (area.pages && !apply_one(state, &area, ret))
			return false;
	}
	return true;
}

bool apply_request(struct model_state *state, const struct request *request, struct refusal_reason *ret)
{
	bool cuts_areas = request->call == REQUEST_MPROTECT && (request->areas > 1 || request->pieces);

	if (cuts_areas ? !apply_areas(state, request, ret) : !apply_one(state, request, ret))
		return false;
	if (request->call == REQUEST_MPROTECT)
		account(state, request);
	return true;
}

bool apply_operation(struct model_state *state, const struct operation *operation, struct refusal_reason *ret)
{
	for (unsigned i = 0; i < operation->count; i++) {
		ret->request = i;
		if (!apply_request(state, &operation->requests[i], ret))
			return false;
	}
	return true;
}
