/*
 * The near name for a mistyped one.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "support/suggest.h"

static const char *const names[] = {"big-fork", "many-mmaps", "mprotect-splits", "oversized-mmap", "ulimit-v"};

static const char *suggest(const char *given)
{
	struct suggestion suggestion = {0};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		suggest_consider(&suggestion, given, names[i]);
	return suggestion.word ? suggestion.word : "-";
}

static void expect(const char *given, const char *name)
{
	cr_expect(eq(str, (char *)suggest(given), (char *)name), "for '%s'", given);
}

Test(suggest, typing_mistakes)
{
	expect("many-mmap", "many-mmaps");
	expect("mayn-mmaps", "many-mmaps");
	expect("big_fork", "big-fork");
	expect("ulimitv", "ulimit-v");
	expect("ulimit-d", "ulimit-v");
	expect("mprotectsplits", "mprotect-splits");
}

Test(suggest, parts_of_a_name)
{
	expect("fork", "big-fork");
	expect("oversized", "oversized-mmap");
	expect("mma", "many-mmaps");
}

Test(suggest, nothing_when_none_is_near)
{
	expect("qemu", "-");
	expect("", "-");
	expect("fo", "-");
	expect("small-malloc", "-");
}

Test(suggest, as_far_as_a_third_and_one)
{
	struct suggestion near = {0}, far = {0};

	suggest_consider(&near, "xxxdef", "abcdef");
	suggest_consider(&far, "xxxxef", "abcdef");
	cr_expect(near.word != NULL);
	cr_expect(eq(sz, near.distance, 3));
	cr_expect(far.word == NULL, "4 of 6 letters");
}

Test(suggest, the_nearest_and_of_equals_the_first)
{
	struct suggestion suggestion = {0};

	suggest_consider(&suggestion, "pgaes", "packages");
	suggest_consider(&suggestion, "pgaes", "pages");
	cr_expect(eq(str, (char *)suggestion.word, "pages"));
	cr_expect(eq(sz, suggestion.distance, 2));
	suggest_consider(&suggestion, "pgaes", "pagers");
	suggest_consider(&suggestion, "pgaes", "passe");
	cr_expect(eq(str, (char *)suggestion.word, "pages"));
	suggest_consider(&suggestion, "pgaes", "pgaes");
	cr_expect(eq(str, (char *)suggestion.word, "pgaes"));
}

Test(suggest, long_words)
{
	char given[200], name[200];
	struct suggestion suggestion = {0};

	memset(given, 'a', sizeof(given) - 1);
	given[sizeof(given) - 1] = '\0';
	suggest_consider(&suggestion, given, "abc");
	cr_expect(suggestion.word == NULL);
	memset(name, 'a', 64);
	name[64] = '\0';
	given[64] = '\0';
	given[63] = 'b';
	suggest_consider(&suggestion, given, name);
	cr_expect(eq(sz, suggestion.distance, 1), "64 letters are still compared");
}
