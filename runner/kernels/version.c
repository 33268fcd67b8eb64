#include "kernels/version.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct piece {
	const char *at, *end;
};

static bool is_digit(const struct piece *piece)
{
	return piece->at < piece->end && isdigit((unsigned char)*piece->at);
}

/* ~ comes before the end, which comes before letters, which come before all else. */
static int rank(const struct piece *piece)
{
	int character;

	if (piece->at >= piece->end || is_digit(piece))
		return 0;
	character = (unsigned char)*piece->at;
	if (character == '~')
		return -1;
	return isalpha(character) ? character : character + 256;
}

static int compare_words(struct piece *a, struct piece *b)
{
	while ((a->at < a->end && !is_digit(a)) || (b->at < b->end && !is_digit(b))) {
		int difference = rank(a) - rank(b);

		if (difference)
			return difference;
		a->at++;
		b->at++;
	}
	return 0;
}

static void skip_zeros(struct piece *piece)
{
	while (piece->at < piece->end && *piece->at == '0')
		piece->at++;
}

/* Of any length: the longer is the larger, and of equally long ones the first digit that differs decides. */
static int compare_numbers(struct piece *a, struct piece *b)
{
	int difference = 0;

	skip_zeros(a);
	skip_zeros(b);
	while (is_digit(a) && is_digit(b)) {
		if (!difference)
			difference = *a->at - *b->at;
		a->at++;
		b->at++;
	}
	if (is_digit(a) || is_digit(b))
		return is_digit(a) ? 1 : -1;
	return difference;
}

static int compare_pieces(struct piece a, struct piece b)
{
	while (a.at < a.end || b.at < b.end) {
		int difference = compare_words(&a, &b);

		if (!difference)
			difference = compare_numbers(&a, &b);
		if (difference)
			return difference;
	}
	return 0;
}

static const char *revision_dash(const char *version)
{
	const char *dash = strrchr(version, '-');

	return dash ? dash : version + strlen(version);
}

static struct piece revision(const char *dash)
{
	const char *at = *dash ? dash + 1 : dash;

	return (struct piece){at, at + strlen(at)};
}

int version_compare(const char *a, const char *b)
{
	const char *a_dash = revision_dash(a), *b_dash = revision_dash(b);
	int difference = compare_pieces((struct piece){a, a_dash}, (struct piece){b, b_dash});

	return difference ? difference : compare_pieces(revision(a_dash), revision(b_dash));
}

bool version_matches(const char *version, const char *wanted)
{
	size_t length = strlen(wanted);

	return strncmp(version, wanted, length) == 0 && !isalnum((unsigned char)version[length]);
}

bool version_is_valid(const char *text)
{
	if (!isdigit((unsigned char)text[0]))
		return false;
	for (; *text; text++) {
		if (!isalnum((unsigned char)*text) && !strchr(".+~-", *text))
			return false;
	}
	return isalnum((unsigned char)text[-1]);
}

void version_upstream(const char *version, char *ret, size_t size)
{
	snprintf(ret, size, "%.*s", (int)(revision_dash(version) - version), version);
}

void version_minor(const char *version, char *ret, size_t size)
{
	size_t major = strspn(version, "0123456789");
	size_t minor = version[major] == '.' ? strspn(version + major + 1, "0123456789") : 0;

	snprintf(ret, size, "%.*s", (int)(minor ? major + 1 + minor : major), version);
}
