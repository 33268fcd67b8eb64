#include "compare/comparison.h"

#include "compare/change.h"
#include "compare/follow.h"

bool comparison_moved(const struct pair *pair)
{
	return pair->before && pair->after && !pair->follows &&
	       changes_of(&pair->before->measured, &pair->after->measured) != 0;
}

static bool is_silent(const struct results *results, enum host_fact fact)
{
	return results->reduced && results->host[fact].count == 0;
}

bool comparison_host_differs(const struct comparison_set *comparison, enum host_fact fact)
{
	return !is_silent(&comparison->before, fact) && !is_silent(&comparison->after, fact) &&
	       !distinct_equal(&comparison->before.host[fact], &comparison->after.host[fact]);
}

int comparison_judge(struct comparison_set *comparison, const struct catalogue *catalogue, struct err *err)
{
	int status = 0;

	for (size_t i = 0; i < comparison->pairing.count && status == 0; i++)
		status = follow_pair(catalogue, &comparison->pairing.pairs[i], err);
	comparison_count(comparison);
	return status;
}

void comparison_count(struct comparison_set *comparison)
{
	comparison->moved = comparison->followed = comparison->missing_after = 0;
	for (size_t i = 0; i < comparison->pairing.count; i++) {
		const struct pair *pair = &comparison->pairing.pairs[i];

		comparison->moved += comparison_moved(pair);
		comparison->followed += pair->follows;
		comparison->missing_after += !pair->after;
	}
	comparison->missing = comparison->pairing.count - comparison->pairing.complete;
}

int comparison_make(const char *before, const char *after, struct comparison_set *ret, struct err *err)
{
	int status;

	*ret = (struct comparison_set){0};
	status = results_read(before, &ret->before, err);
	if (status == 0)
		status = results_read(after, &ret->after, err);
	if (status == 0)
		status = pairing_make(&ret->before, &ret->after, &ret->pairing, err);
	if (status == 0)
		comparison_count(ret);
	return status;
}

void comparison_free(struct comparison_set *comparison)
{
	pairing_free(&comparison->pairing);
	results_free(&comparison->before);
	results_free(&comparison->after);
}
