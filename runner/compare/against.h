/*
 * A run against a file of an earlier one: each cell as it ends, and all together at the end, by the same
 * rules as two files are compared.
 */
#ifndef ENOMEM_COMPARE_AGAINST_H
#define ENOMEM_COMPARE_AGAINST_H

#include "compare/comparison.h"
#include "compare/follow.h"
#include "plan/plan.h"

struct against {
	struct comparison_set comparison; /* BEFORE is the file, AFTER the run */
	const struct catalogue *catalogue;
	bool any_environment; /* the file and the plan each have one environment, and another: it is no part of the key
			       */
	unsigned unpaired_unexpected; /* cells that the file lacks, and that did not go as predicted */
};

/*
 * Read the file, and see that the plan has some of its cells: before anything is run. Errors are those of
 * results_read(), and -EINVAL when there is nothing in common. The file's name and the catalogue must live as
 * long. Release with against_close(), which takes a zeroed one, too.
 */
int against_open(const char *path, const struct plan *plan, const struct catalogue *catalogue, struct against *ret,
		 struct err *err);
void against_close(struct against *against);

/*
 * Take the result (result_to_json()) of a cell that ended. *ret is it and its partner in the file, `before`,
 * which is NULL when the file lacks it; judged, and valid until the next call.
 */
int against_add(struct against *against, const json_t *result, bool expected, struct pair *ret, struct err *err);

/* Pair everything that was added, and judge it: then `comparison` can be printed. -EINVAL when there is no pair. */
int against_end(struct against *against, struct err *err);

#endif
