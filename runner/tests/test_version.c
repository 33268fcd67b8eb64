/*
 * Kernel releases as versions.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "model/cost.h"
#include "model/version.h"

Test(version, of_real_releases)
{
	cr_expect(eq(int, kernel_version_parse("5.10.0-32-amd64"), 5010));
	cr_expect(eq(int, kernel_version_parse("6.1.0-56-amd64"), 6001));
	cr_expect(eq(int, kernel_version_parse("6.12.107+deb13"), 6012));
	cr_expect(eq(int, kernel_version_parse("6.18.44-fc-v669"), 6018));
	cr_expect(eq(int, kernel_version_parse("7.3-rc1"), 7003));
	cr_expect(eq(int, kernel_version_parse("7.0"), 7000));
	cr_expect(eq(int, kernel_version_parse("10.100.1"), 10100));
}

Test(version, compares_by_number)
{
	cr_expect(kernel_version_parse("6.9") < kernel_version_parse("6.10"));
	cr_expect(kernel_version_parse("6.999") < kernel_version_parse("7.0"));
	cr_expect(kernel_version_parse("900.999") < KERNEL_ANY_LATER);
	cr_expect(eq(int, KERNEL(6, 12), 6012));
	cr_expect(eq(int, KERNEL_OLDEST, 5010));
}

Test(version, of_other_texts_is_none)
{
	static const char *const texts[] = {
		"",    "6",    "6.",    ".1",     "x6.1", "v6.1", "6-1",   "6.x",
		"0.1", "-6.1", "901.0", "6.1000", "6.-1", "6,1",  "Linux", "99999999999999999999.1"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect(eq(int, kernel_version_parse(texts[i]), 0), "'%s'", texts[i]);
}

Test(version, decides_what_a_vma_costs)
{
	cr_expect(eq(u64, cost_vma_bytes(KERNEL(5, 10)), 200));
	cr_expect(eq(u64, cost_vma_bytes(KERNEL(6, 0)), 200));
	cr_expect(eq(u64, cost_vma_bytes(KERNEL(6, 1)), 190));
	cr_expect(eq(u64, cost_vma_bytes(KERNEL(6, 11)), 190));
	cr_expect(eq(u64, cost_vma_bytes(KERNEL(6, 12)), 257));
	cr_expect(eq(u64, cost_vma_bytes(KERNEL(6, 18)), 279));
	cr_expect(eq(u64, cost_vma_bytes(KERNEL(7, 2)), 279));
	cr_expect(eq(u64, cost_vma_bytes(0), 200));
}
