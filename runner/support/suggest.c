#include "support/suggest.h"

#include <string.h>

#define LENGTH_MOST 64

/* Levenshtein distance; longer words are as good as infinitely far away. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[2][LENGTH_MOST + 1];
	size_t a_length = strlen(a), b_length = strlen(b);

	if (a_length > LENGTH_MOST || b_length > LENGTH_MOST)
		return LENGTH_MOST;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		const size_t *above = rows[(i - 1) % 2];
		size_t *row = rows[i % 2];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);

			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return rows[a_length % 2][b_length];
}

void suggest_consider(struct suggestion *suggestion, const char *given, const char *name)
{
	size_t now = distance(given, name);
	size_t most = strlen(name) / 3 + 1;

	if (now > 0 && strlen(given) >= 3 && strstr(name, given))
		now = 1;
	if (now > most || (suggestion->word && now >= suggestion->distance))
		return;
	suggestion->word = name;
	suggestion->distance = now;
}
