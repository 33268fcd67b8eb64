/*
 * Lines of requests: what each word sets, and what is refused.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "lib/states.h"

Test(request, defaults)
{
	struct request request = request_of("mmap");

	cr_expect(request.call == REQUEST_MMAP);
	cr_expect(eq(u64, request.pages, 0));
	cr_expect(eq(u64, request.areas, 1));
	cr_expect(eq(u64, request.splits, 0));
	cr_expect(request.to == PROTECTION_NONE);
	cr_expect(not(request.shared || request.file || request.chosen || request.merges || request.pieces ||
		      request.locked || request.noreserve || request.moves || request.fixed || request.dontunmap ||
		      request.shrinks || request.over));
	cr_expect(not(request.pages_are_size));
}

Test(request, calls_and_their_names)
{
	static const struct {
		const char *word, *name;
		enum request_call call;
	} calls[] = {
		{"mmap", "mmap", REQUEST_MMAP},          {"mprotect", "mprotect", REQUEST_MPROTECT},
		{"hole", "munmap", REQUEST_MUNMAP_HOLE}, {"madvise", "madvise", REQUEST_MADVISE},
		{"mlock", "mlock", REQUEST_MLOCK},       {"brk", "brk", REQUEST_BRK},
		{"mremap", "mremap", REQUEST_MREMAP},    {"fork", "fork", REQUEST_FORK},
		{"munmap", "munmap", REQUEST_MUNMAP},
	};

	cr_assert(eq(sz, sizeof(calls) / sizeof(*calls), REQUEST_CALLS));
	for (size_t i = 0; i < REQUEST_CALLS; i++) {
		cr_expect(request_of(calls[i].word).call == calls[i].call, "%s", calls[i].word);
		cr_expect(eq(str, (char *)request_call_name(calls[i].call), (char *)calls[i].name));
	}
}

Test(request, flags)
{
	cr_expect(request_of("mmap backing=file").file);
	cr_expect(not(request_of("mmap backing=anonymous").file));
	cr_expect(request_of("mmap sharing=shared").shared);
	cr_expect(not(request_of("mmap sharing=private").shared));
	cr_expect(request_of("mmap placement=chosen").chosen);
	cr_expect(not(request_of("mmap placement=free").chosen));
	cr_expect(request_of("mmap merges=yes").merges);
	cr_expect(not(request_of("mmap merges=yes merges=no").merges), "the last word counts");
	cr_expect(request_of("mprotect pieces=yes").pieces);
	cr_expect(request_of("mmap locked=yes").locked);
	cr_expect(request_of("mmap noreserve=yes").noreserve);
	cr_expect(request_of("mremap moves=yes").moves);
	cr_expect(request_of("mremap fixed=yes").fixed);
	cr_expect(request_of("mremap dontunmap=yes").dontunmap);
	cr_expect(request_of("mremap shrinks=yes").shrinks);
	cr_expect(request_of("mmap over=yes").over);
}

Test(request, numbers_and_protections)
{
	struct request request = request_of("  mprotect  pages=7 plus=2 old=3 splits=4 areas=5 from=read to=write ");

	cr_expect(eq(u64, request.pages, 7));
	cr_expect(eq(u64, request.plus_pages, 2));
	cr_expect(eq(u64, request.old_pages, 3));
	cr_expect(eq(u64, request.splits, 4));
	cr_expect(eq(u64, request.areas, 5));
	cr_expect(request.from == PROTECTION_READ);
	cr_expect(request.to == PROTECTION_WRITE);
	cr_expect(request_of("mmap protection=read").to == PROTECTION_READ);
	cr_expect(eq(u64, request_of("mmap pages=4503599627370496").pages, UINT64_C(1) << 52));
}

Test(request, that_cannot_be_read)
{
	static const char *const lines[] = {
		"",
		" ",
		"mmap2",
		"MMAP",
		"pages=1",
		"mmap pages",
		"mmap pages=",
		"mmap pages=-1",
		"mmap pages=+1",
		"mmap pages=0x10",
		"mmap pages=1 1",
		"mmap pages=1k",
		"mmap pages=$n",
		"mmap plus=$size",
		"mmap areas=0",
		"mmap protection=all",
		"mmap backing=anon",
		"mmap merges=1",
		"mmap merges=",
		"mmap =yes",
		"mmap pages==1",
		"mmap nonsense=1",
		"mmap Pages=1",
		"mmap pages=4503599627370497",
		"mmap\tpages=1",
		"mmap pages=99999999999999999999",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct request request = {.pages = 77};
		struct err err = {0};

		cr_expect(eq(int, request_parse(lines[i], &request, &err), -EINVAL), "'%s'", lines[i]);
		cr_expect(strncmp(err.text, "cannot read request", 19) == 0, "'%s': %s", lines[i], err.text);
		cr_expect(eq(u64, request.pages, 77), "'%s' changed it", lines[i]);
	}
}

Test(request, errors_name_the_word)
{
	struct request request;
	struct err err = {0};

	request_parse("mmap pages=1 merges=maybe", &request, &err);
	cr_expect(eq(str, err.text, "cannot read request \"mmap pages=1 merges=maybe\": bad word \"merges\""));
	request_parse("hold pages=1", &request, &err);
	cr_expect(eq(str, err.text, "cannot read request \"hold pages=1\": it begins with no known call"));
}

Test(request, of_any_length)
{
	char line[400] = "mmap";
	struct request request;
	struct err err = {0};

	memset(line + 4, ' ', 251);
	cr_expect(eq(int, request_parse(line, &request, &err), 0), "255 characters");
	line[255] = ' ';
	cr_expect(eq(int, request_parse(line, &request, &err), -EINVAL), "256 characters");
	cr_expect(eq(str, err.text, "cannot read request: longer than 255 characters"));
}

Test(request, sizes_are_filled_in)
{
	struct operation operation =
		operation_of("mmap pages=$size plus=4 protection=none;mprotect pages=9 plus=1;fork");
	struct operation sized = operation_sized(&operation, 1000);

	cr_expect(operation.requests[0].pages_are_size);
	cr_expect(eq(uint, sized.count, 3));
	cr_expect(eq(u64, sized.requests[0].pages, 1004));
	cr_expect(eq(u64, sized.requests[1].pages, 10));
	cr_expect(eq(u64, sized.requests[0].plus_pages, 0));
	cr_expect(not(sized.requests[0].pages_are_size));
	sized = operation_sized(&sized, 5);
	cr_expect(eq(u64, sized.requests[0].pages, 1004), "a second time changes nothing");
}

Test(request, data_is_private_and_writable)
{
	struct request private = request_of("mmap pages=3 protection=write");
	struct request file = request_of("mmap pages=3 protection=write backing=file");
	struct request shared = request_of("mmap pages=3 protection=write sharing=shared");
	struct request read = request_of("mmap pages=3 protection=read");

	cr_expect(eq(u64, request_data_pages(&private), 3));
	cr_expect(eq(u64, request_data_pages(&file), 3));
	cr_expect(eq(u64, request_data_pages(&shared), 0));
	cr_expect(eq(u64, request_data_pages(&read), 0));
}

static bool charged(const char *lines, uint64_t mode)
{
	struct operation operation = operation_of(lines);

	return operation_is_charged(&operation, mode);
}

Test(request, what_the_commit_limit_decides_over)
{
	cr_expect(charged("mmap pages=1 protection=write", 2));
	cr_expect(charged("mmap pages=$size protection=write", 2));
	cr_expect(charged("mmap pages=1 protection=read;fork", 2));
	cr_expect(charged("brk pages=1", 2));
	cr_expect(charged("mmap pages=1 protection=none sharing=shared", 2), "the shmem object is charged");
	cr_expect(charged("mmap pages=1 protection=none;mprotect pages=1 from=none to=write", 2));
	cr_expect(charged("mmap pages=1 protection=write noreserve=yes", 2), "mode 2 ignores MAP_NORESERVE");
	cr_expect(not(charged("mmap pages=1 protection=write noreserve=yes", 0)));
	cr_expect(not(charged("mmap pages=1 protection=read", 2)));
	cr_expect(not(charged("mmap pages=1 protection=none;hole pages=1;mlock pages=1;madvise splits=1", 2)));
}

Test(request, what_mremap_adds)
{
	struct request grow = request_of("mremap pages=5 old=10 protection=write");
	struct request keep = request_of("mremap pages=5 old=10 protection=write dontunmap=yes");
	struct request read = request_of("mremap pages=5 old=10 protection=read");

	cr_expect(eq(u64, request_growth_pages(&grow), 5));
	cr_expect(eq(u64, request_growth_pages(&keep), 15), "the old range stays");
	cr_expect(eq(u64, request_charged_pages(&keep, 2), 15));
	cr_expect(eq(u64, request_charged_pages(&read, 2), 0), "only VM_ACCOUNT is charged");
	cr_expect(eq(u64, request_data_pages(&keep), 15));
}

Test(request, what_mmap_over_a_mapping_adds)
{
	struct request over = request_of("mmap pages=5 protection=write over=yes");

	cr_expect(eq(u64, request_growth_pages(&over), 0), "the address space has them already");
	cr_expect(eq(u64, request_charged_pages(&over, 2), 5));
	cr_expect(eq(u64, request_data_pages(&over), 5));
}
