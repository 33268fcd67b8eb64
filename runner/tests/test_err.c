/*
 * Sentences of errors, and names of errnos.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "support/err.h"

Test(err, sentences)
{
	struct err err = {0};

	cr_expect(eq(int, err_set(&err, EINVAL, "cannot use %s: %d", "x", 7), -EINVAL));
	cr_expect(eq(int, err.code, EINVAL));
	cr_expect(eq(str, err.text, "cannot use x: 7"));
	cr_expect(eq(int, err_set_errno(&err, ENOENT, "cannot open %s", "/x"), -ENOENT));
	cr_expect(eq(str, err.text, "cannot open /x: No such file or directory"));
	cr_expect(eq(int, err_no_memory(&err), -ENOMEM));
	cr_expect(eq(int, err.code, ENOMEM));
}

Test(err, advice_belongs_to_its_error)
{
	struct err err = {0};

	err_set(&err, EPERM, "cannot do it");
	cr_expect(eq(int, err_advise(&err, "use %s", "another"), -EPERM));
	cr_expect(eq(str, err.advice, "use another"));
	cr_expect(eq(str, err.text, "cannot do it"));
	err_set(&err, EIO, "cannot go on");
	cr_expect(eq(str, err.advice, ""));
}

Test(err, long_sentences_are_cut)
{
	struct err err = {0};
	char text[1000];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	cr_expect(eq(int, err_set_errno(&err, EIO, "%s", text), -EIO));
	cr_expect(eq(sz, strlen(err.text), sizeof(err.text) - 1));
	err_advise(&err, "%s", text);
	cr_expect(eq(sz, strlen(err.advice), sizeof(err.advice) - 1));
}

Test(err, names)
{
	cr_expect(eq(str, (char *)err_name(ENOMEM), "ENOMEM"));
	cr_expect(eq(str, (char *)err_name(EAGAIN), "EAGAIN"));
	cr_expect(eq(str, (char *)err_name(EHWPOISON), "EHWPOISON"));
	cr_expect(eq(str, (char *)err_name(999), "E999"));
	cr_expect(eq(str, (char *)err_name(0), "E0"));
	cr_expect(eq(str, (char *)err_name(-5), "E-5"));
}

Test(err, numbers)
{
	int named = 0;

	cr_expect(eq(int, err_number("ENOMEM"), 12));
	cr_expect(eq(int, err_number("EAGAIN"), 11));
	cr_expect(eq(int, err_number("E999"), -EINVAL));
	cr_expect(eq(int, err_number("enomem"), -EINVAL));
	cr_expect(eq(int, err_number(""), -EINVAL));
	cr_expect(eq(int, err_number("0"), -EINVAL));
	for (int code = 1; code < 134; code++) {
		const char *name = err_name(code);

		/* 41 and 58 are the numbers of old names (EWOULDBLOCK, EDEADLOCK) that Linux left out. */
		if (code == 41 || code == 58)
			continue;
		cr_expect(eq(int, err_number(name), code), "%s", name);
		named++;
	}
	cr_expect(eq(int, named, 131));
}
