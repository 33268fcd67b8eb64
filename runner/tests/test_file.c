/*
 * Small files: sizes at the edge, numbers, and the sentences of errors.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/file.h"

static char directory[] = "/tmp/enomem-test-file-XXXXXX";
static int root_fd = -1;

static void make_directory(void)
{
	cr_assert(mkdtemp(directory) != NULL);
	root_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(root_fd >= 0);
}

static void remove_directory(void)
{
	unlinkat(root_fd, "f", 0);
	close(root_fd);
	rmdir(directory);
}

TestSuite(file, .init = make_directory, .fini = remove_directory);

static void put(const char *text, size_t length)
{
	int fd = openat(root_fd, "f", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	cr_assert(write(fd, text, length) == (ssize_t)length);
	close(fd);
}

Test(file, that_just_fits)
{
	char buffer[5];
	size_t length = 0;
	struct err err = {0};

	put("abcd", 4);
	cr_expect(eq(int, file_read_at(root_fd, "f", buffer, sizeof(buffer), &length, &err), 0));
	cr_expect(eq(str, buffer, "abcd"));
	cr_expect(eq(sz, length, 4));
	put("abcde", 5);
	cr_expect(eq(int, file_read_at(root_fd, "f", buffer, sizeof(buffer), &length, &err), -EFBIG));
	cr_expect(eq(str, err.text, "cannot read /f: it has more than 4 bytes"));
	cr_expect(eq(str, buffer, ""));
	cr_expect(eq(int, file_read_at(root_fd, "f", buffer, 0, &length, &err), -EINVAL));
	cr_expect(eq(int, file_read_at(root_fd, "g", buffer, 1, &length, &err), -ENOENT));
	cr_expect(eq(str, err.text, "cannot read /g: No such file or directory"));
	cr_expect(eq(int, file_read_at(root_fd, ".", buffer, 2, &length, &err), -EISDIR));
}

static int number(const char *text, size_t length, uint64_t *ret)
{
	struct err err;

	put(text, length);
	return file_read_u64_at(root_fd, "f", ret, &err);
}

Test(file, with_one_number)
{
	uint64_t value = 0;

	cr_expect(eq(int, number("65530\n", 6, &value), 0));
	cr_expect(eq(u64, value, 65530));
	cr_expect(eq(int, number("18446744073709551615", 20, &value), 0));
	cr_expect(eq(u64, value, UINT64_MAX));
	cr_expect(eq(int, number("18446744073709551616", 20, &value), -EINVAL));
	cr_expect(eq(int, number("-1\n", 3, &value), -EINVAL));
	cr_expect(eq(int, number("1 2\n", 4, &value), -EINVAL));
	cr_expect(eq(int, number("1\0\n", 3, &value), -EINVAL));
	cr_expect(eq(int, number("\n", 1, &value), -EINVAL));
	cr_expect(eq(int, number("", 0, &value), -EINVAL));
	cr_expect(eq(u64, value, UINT64_MAX), "failures leave it alone");
}

struct seen {
	size_t pieces, bytes, largest;
};

static void see(void *context, const char *text, size_t length)
{
	struct seen *seen = context;

	seen->pieces++;
	seen->bytes += text[0] == 'x' && text[length - 1] == 'x' ? length : 0;
	seen->largest = length > seen->largest ? length : seen->largest;
}

Test(file, in_pieces)
{
	static char text[150000];
	struct seen seen = {0};
	struct err err;

	memset(text, 'x', sizeof(text));
	put(text, sizeof(text));
	cr_expect(eq(int, file_read_pieces_at(root_fd, "f", see, &seen, &err), 0));
	cr_expect(eq(sz, seen.bytes, sizeof(text)));
	cr_expect(eq(sz, seen.pieces, 3));
	cr_expect(eq(sz, seen.largest, 65536));
	cr_expect(eq(int, file_read_pieces_at(root_fd, ".", see, &seen, &err), -EISDIR));
}
