#include "compare/pairing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* By line at last, so that the order never depends on the sort. */
static int by_key(const void *a, const void *b)
{
	const struct record *first = a, *second = b;
	int order = record_compare(first, second, false);

	return order ? order : (first->line > second->line) - (first->line < second->line);
}

int pairing_sort(struct results *results, struct err *err)
{
	char label[160];

	qsort(results->records, results->count, sizeof(*results->records), by_key);
	for (size_t i = 1; i < results->count; i++) {
		const struct record *one = &results->records[i - 1], *other = &results->records[i];

		if (record_compare(one, other, false) != 0)
			continue;
		record_label(other, false, label, sizeof(label));
		err_set(err, EINVAL, "cannot read %.120s: line %" PRIu64 ": the same cell is in line %" PRIu64 ": %s",
			results->name, other->line, one->line, label);
		return err_advise(err, "take one of them out, or number them with \"repeat\"");
	}
	return 0;
}

const char *results_environment(const struct results *results)
{
	for (size_t i = 1; i < results->count; i++) {
		if (strcmp(results->records[i].environment, results->records[0].environment) != 0)
			return NULL;
	}
	return results->records[0].environment;
}

static bool has_other_environment(const struct results *before, const struct results *after)
{
	const char *one = results_environment(before), *other = results_environment(after);

	return one && other && strcmp(one, other) != 0;
}

static void merge(const struct results *before, const struct results *after, struct pairing *ret)
{
	size_t i = 0, j = 0;

	while (i < before->count || j < after->count) {
		struct pair *pair = &ret->pairs[ret->count++];
		int order = i == before->count ? 1
			    : j == after->count
				    ? -1
				    : record_compare(&before->records[i], &after->records[j], ret->any_environment);

		if (order <= 0)
			pair->before = &before->records[i++];
		if (order >= 0)
			pair->after = &after->records[j++];
		ret->complete += order == 0;
	}
}

static int nothing_in_common(const struct results *before, const struct results *after, struct err *err)
{
	char one[130], other[130];

	record_label(&before->records[0], false, one, sizeof(one));
	record_label(&after->records[0], false, other, sizeof(other));
	err_set(err, EINVAL,
		"cannot compare: the files have no cell in common: BEFORE has %zu, first %s; AFTER has %zu, first %s",
		before->count, one, after->count, other);
	return err_advise(err, "give two files of the same scenarios, parameters, configurations and environments");
}

int pairing_make(struct results *before, struct results *after, struct pairing *ret, struct err *err)
{
	int status = pairing_sort(before, err);

	*ret = (struct pairing){0};
	if (status == 0)
		status = pairing_sort(after, err);
	if (status < 0)
		return status;
	ret->pairs = calloc(before->count + after->count, sizeof(*ret->pairs));
	if (!ret->pairs)
		return err_no_memory(err);
	ret->any_environment = has_other_environment(before, after);
	merge(before, after, ret);
	return ret->complete ? 0 : nothing_in_common(before, after, err);
}

void pairing_free(struct pairing *pairing)
{
	free(pairing->pairs);
	*pairing = (struct pairing){0};
}
