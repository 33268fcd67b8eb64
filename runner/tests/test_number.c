/*
 * Numbers and sizes as people write them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "support/number.h"

Test(number, whole)
{
	uint64_t value = 5;

	cr_expect(eq(int, number_parse("0", &value), 0));
	cr_expect(eq(u64, value, 0));
	cr_expect(eq(int, number_parse("007", &value), 0));
	cr_expect(eq(u64, value, 7), "decimal all the same");
	cr_expect(eq(int, number_parse("18446744073709551615", &value), 0));
	cr_expect(eq(u64, value, UINT64_MAX));
	cr_expect(eq(int, number_parse("18446744073709551616", &value), -ERANGE));
}

Test(number, that_is_none)
{
	static const char *const texts[] = {"", " 1", "1 ", "+1", "-1", "0x10", "1.5", "1k", "one", "1\n"};
	uint64_t value;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect(eq(int, number_parse(texts[i], &value), -EINVAL), "'%s'", texts[i]);
}

static void expect_bytes(const char *text, uint64_t bytes, bool relative)
{
	uint64_t value = 5;
	bool is_relative = !relative;

	cr_expect(eq(int, number_parse_bytes(text, &value, &is_relative), 0), "'%s'", text);
	cr_expect(eq(u64, value, bytes), "'%s'", text);
	cr_expect(is_relative == relative, "'%s'", text);
}

Test(bytes, with_and_without_suffix)
{
	expect_bytes("0", 0, false);
	expect_bytes("4096", 4096, false);
	expect_bytes("1K", 1024, false);
	expect_bytes("512M", UINT64_C(512) << 20, false);
	expect_bytes("+64M", UINT64_C(64) << 20, true);
	expect_bytes("3G", UINT64_C(3) << 30, false);
	expect_bytes("128T", UINT64_C(1) << 47, false);
	expect_bytes("+0", 0, true);
	expect_bytes("16777215T", UINT64_C(16777215) << 40, false);
	expect_bytes("18014398509481983K", UINT64_MAX - 1023, false);
}

Test(bytes, that_are_none)
{
	static const char *const texts[] = {"",   "+",  "K",  "+K",   "-1",   "++1", "1 K", " 1K", "1KK",
					    "1k", "1m", "1B", "1KiB", "1.5M", "1P",  "1E",  "0x1", "1+"};
	uint64_t value;
	bool relative;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect(eq(int, number_parse_bytes(texts[i], &value, &relative), -EINVAL), "'%s'", texts[i]);
}

Test(bytes, too_many)
{
	uint64_t value;
	bool relative;

	cr_expect(eq(int, number_parse_bytes("18446744073709551616", &value, &relative), -ERANGE));
	cr_expect(eq(int, number_parse_bytes("16777216T", &value, &relative), -ERANGE));
	cr_expect(eq(int, number_parse_bytes("+16777216T", &value, &relative), -ERANGE));
	cr_expect(eq(int, number_parse_bytes("18014398509481984K", &value, &relative), -ERANGE));
}

static void expect_format(uint64_t bytes, const char *text)
{
	char buffer[32];

	cr_expect(eq(str, (char *)number_format_bytes(bytes, buffer, sizeof(buffer)), (char *)text));
}

Test(bytes, as_text)
{
	char small[6];

	expect_format(0, "0 bytes");
	expect_format(1023, "1023 bytes");
	expect_format(1024, "1.0 KiB");
	expect_format(28672, "28.0 KiB");
	expect_format(UINT64_C(24684084) * 1024, "23.5 GiB");
	expect_format(UINT64_MAX, "16.0 EiB");
	cr_expect(eq(str, (char *)number_format_bytes(UINT64_C(1) << 40, small, sizeof(small)), "1.0 T"),
		  "cut, and ended");
}
