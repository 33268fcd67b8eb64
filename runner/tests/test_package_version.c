/* Debian's order of versions, and which of them a wanted one means. Order: as `dpkg --compare-versions` says. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "kernels/version.h"

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

/* Each is older than the next. */
static const char *const ascending[] = {
	"5.10.218-1",        "5.10.223-1",        "6.1.170-3",   "6.1.176-1",  "6.12~rc1-1~exp1",
	"6.12.94-1~bpo12+1", "6.12.95-1~bpo12+1", "6.12.107-1",  "6.12.117-1", "6.19.6-2~bpo13+1",
	"6.19.14-1",         "7.2~rc7-1~exp1",    "7.2-1~exp1",  "7.2-1",      "7.2.9-1~bpo13+1",
	"7.2.12-1~bpo13+1",  "7.2.12-1",          "7.2.12-1+b1", "7.2.12-2",   "7.2.13-1",
	"7.2.13a-1",         "7.2.13+x-1",        "7.10-1",      "7.20-1",
};

#define COUNT (int)(sizeof(ascending) / sizeof(*ascending))

Test(package_version, order)
{
	for (int i = 0; i < COUNT; i++) {
		for (int j = 0; j < COUNT; j++)
			cr_expect(sign(version_compare(ascending[i], ascending[j])) == sign(i - j), "%s and %s",
				  ascending[i], ascending[j]);
	}
	cr_expect(eq(int, version_compare("7.02-1", "7.2-01"), 0));
	cr_expect(eq(int, version_compare("", ""), 0));
	cr_expect(version_compare("99999999999999999999999999", "9999999999999999999999999") > 0);
}

Test(package_version, component_by_component)
{
	cr_expect(version_matches("7.2.13-1", "7.2"));
	cr_expect(version_matches("7.2-1", "7.2"));
	cr_expect(version_matches("7.2~rc4-1~exp1", "7.2"));
	cr_expect(version_matches("7.2.13-1", "7.2.13"));
	cr_expect(version_matches("7.2.13-1~bpo13+1", "7.2.13-1"));
	cr_expect(version_matches("7.2.13-1", "7.2.13-1"));
	cr_expect(version_matches("7.2.13-1", "7"));
	cr_expect(version_matches("7.20-1", "7.2") == false);
	cr_expect(version_matches("7.2.13-1", "7.2.1") == false);
	cr_expect(version_matches("7.2.13-1", "7.2.13-1~bpo13+1") == false);
	cr_expect(version_matches("17.2", "7.2") == false);
	cr_expect(version_matches("7.2a", "7.2") == false);
}

Test(package_version, which_can_be_one)
{
	cr_expect(version_is_valid("7.2"));
	cr_expect(version_is_valid("7.2.13-1~bpo13+1"));
	for (const char *const *bad =
		     (const char *const[]){"", "v7.2", "7.2.", "7.2/../x", "7.2 ", "7.2\n", "-7", ".", NULL};
	     *bad; bad++)
		cr_expect(version_is_valid(*bad) == false, "\"%s\"", *bad);
}

Test(package_version, parts)
{
	char text[16];

	version_upstream("7.2.13-1~bpo13+1", text, sizeof(text));
	cr_expect(eq(str, text, "7.2.13"));
	version_upstream("7.2", text, sizeof(text));
	cr_expect(eq(str, text, "7.2"));
	version_minor("7.2~rc1-1", text, sizeof(text));
	cr_expect(eq(str, text, "7.2"));
	version_minor("6.12.117-1", text, sizeof(text));
	cr_expect(eq(str, text, "6.12"));
	version_minor("7", text, sizeof(text));
	cr_expect(eq(str, text, "7"));
}
