#include "compare/comparison.h"

#include "compare/change.h"

bool comparison_moved(const struct pair *pair)
{
	return pair->before && pair->after && changes_of(&pair->before->measured, &pair->after->measured) != 0;
}

void comparison_count(struct comparison_set *comparison)
{
	for (size_t i = 0; i < comparison->pairing.count; i++)
		comparison->moved += comparison_moved(&comparison->pairing.pairs[i]);
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
