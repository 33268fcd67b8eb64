#include "model/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	const char *name;
} calls[REQUEST_CALLS] = {
	[REQUEST_MMAP] = {"mmap", "mmap"},          [REQUEST_MPROTECT] = {"mprotect", "mprotect"},
	[REQUEST_MUNMAP_HOLE] = {"hole", "munmap"}, [REQUEST_MADVISE] = {"madvise", "madvise"},
	[REQUEST_MLOCK] = {"mlock", "mlock"},       [REQUEST_BRK] = {"brk", "brk"},
	[REQUEST_MREMAP] = {"mremap", "mremap"},    [REQUEST_FORK] = {"fork", "fork"},
	[REQUEST_MUNMAP] = {"munmap", "munmap"},
};

const char *request_call_name(enum request_call call)
{
	return calls[call].name;
}

static int parse_number(const char *value, uint64_t *ret)
{
	char *end;

	if (*value < '0' || *value > '9')
		return -EINVAL;
	errno = 0;
	*ret = strtoull(value, &end, 10);
	return *end || errno || *ret > UINT64_C(1) << 52 ? -EINVAL : 0;
}

static int parse_protection(const char *value, enum protection *ret)
{
	static const char *const words[] = {"none", "read", "write"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(value, words[i]) == 0) {
			*ret = (enum protection)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_choice(const char *value, const char *no, const char *yes, bool *ret)
{
	*ret = strcmp(value, yes) == 0;
	return *ret || strcmp(value, no) == 0 ? 0 : -EINVAL;
}

static int set_flag(struct request *request, const char *name, const char *value)
{
	const struct {
		const char *name, *no, *yes;
		bool *flag;
	} flags[] = {
		{"backing", "anonymous", "file", &request->file},  {"sharing", "private", "shared", &request->shared},
		{"placement", "free", "chosen", &request->chosen}, {"merges", "no", "yes", &request->merges},
		{"pieces", "no", "yes", &request->pieces},         {"locked", "no", "yes", &request->locked},
		{"noreserve", "no", "yes", &request->noreserve},   {"moves", "no", "yes", &request->moves},
		{"fixed", "no", "yes", &request->fixed},           {"dontunmap", "no", "yes", &request->dontunmap},
		{"shrinks", "no", "yes", &request->shrinks},       {"over", "no", "yes", &request->over},
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (strcmp(name, flags[i].name) == 0)
			return parse_choice(value, flags[i].no, flags[i].yes, flags[i].flag);
	}
	return -EINVAL;
}

static int set_word(struct request *request, const char *name, const char *value)
{
	if (strcmp(name, "pages") == 0 && strcmp(value, "$size") == 0) {
		request->pages_are_size = true;
		return 0;
	}
	if (strcmp(name, "pages") == 0)
		return parse_number(value, &request->pages);
	if (strcmp(name, "plus") == 0)
		return parse_number(value, &request->plus_pages);
	if (strcmp(name, "old") == 0)
		return parse_number(value, &request->old_pages);
	if (strcmp(name, "splits") == 0)
		return parse_number(value, &request->splits);
	if (strcmp(name, "areas") == 0)
		return parse_number(value, &request->areas) < 0 || request->areas == 0 ? -EINVAL : 0;
	if (strcmp(name, "from") == 0)
		return parse_protection(value, &request->from);
	if (strcmp(name, "to") == 0 || strcmp(name, "protection") == 0)
		return parse_protection(value, &request->to);
	return set_flag(request, name, value);
}

static int parse_call(const char *word, struct request *ret)
{
	for (unsigned i = 0; i < REQUEST_CALLS; i++) {
		if (strcmp(word, calls[i].word) == 0) {
			ret->call = (enum request_call)i;
			return 0;
		}
	}
	return -EINVAL;
}

int request_parse(const char *line, struct request *ret, struct err *err)
{
	char copy[256];
	char *position = NULL;
	struct request request = {.areas = 1};

	if (strlen(line) >= sizeof(copy))
		return err_set(err, EINVAL, "cannot read request: longer than %zu characters", sizeof(copy) - 1);
	strcpy(copy, line);

	char *word = strtok_r(copy, " ", &position);

	if (!word || parse_call(word, &request) < 0)
		return err_set(err, EINVAL, "cannot read request \"%s\": it begins with no known call", line);
	if (request.call == REQUEST_BRK)
		request.to = PROTECTION_WRITE;
	request.locked = request.call == REQUEST_MLOCK;
	while ((word = strtok_r(NULL, " ", &position))) {
		char *equals = strchr(word, '=');

		if (equals)
			*equals = '\0';
		if (!equals || set_word(&request, word, equals + 1) < 0)
			return err_set(err, EINVAL, "cannot read request \"%s\": bad word \"%s\"", line, word);
	}
	*ret = request;
	return 0;
}

struct request request_sized(const struct request *request, uint64_t size)
{
	struct request sized = *request;

	if (sized.pages_are_size)
		sized.pages = size;
	sized.pages += sized.plus_pages;
	sized.plus_pages = 0;
	sized.pages_are_size = false;
	return sized;
}

uint64_t request_data_pages(const struct request *request)
{
	if (request->to != PROTECTION_WRITE || request->shared)
		return 0;
	return request->call == REQUEST_MREMAP ? request_growth_pages(request) : request->pages;
}

uint64_t request_growth_pages(const struct request *request)
{
	/* What is mapped over was in total_vm already (may_expand_vm() is asked for the rest alone). */
	if (request->shrinks || request->over)
		return 0;
	/* DONTUNMAP keeps the old range beside the new one; a plain move unmaps it and only grows. */
	if (request->call == REQUEST_MREMAP && request->dontunmap)
		return request->old_pages + request->pages;
	if (request->call == REQUEST_MMAP || request->call == REQUEST_BRK || request->call == REQUEST_MREMAP)
		return request->pages;
	return 0;
}

uint64_t request_charged_pages(const struct request *request, uint64_t mode)
{
	bool ignored = request->noreserve && mode != 2; /* mode 2 accounts MAP_NORESERVE, too */

	if (ignored)
		return 0;
	if (request->call == REQUEST_MMAP && request->shared && !request->file)
		return request->pages; /* of the shmem object, whatever the protection */
	if (request->shared || request->to != PROTECTION_WRITE || request->from == PROTECTION_WRITE)
		return 0;
	return request->call == REQUEST_MREMAP ? request_growth_pages(request) : request->pages;
}

struct operation operation_sized(const struct operation *operation, uint64_t size)
{
	struct operation sized = {.count = operation->count};

	for (unsigned i = 0; i < operation->count; i++)
		sized.requests[i] = request_sized(&operation->requests[i], size);
	return sized;
}

bool operation_is_charged(const struct operation *operation, uint64_t mode)
{
	struct operation one = operation_sized(operation, 1);

	for (unsigned i = 0; i < one.count; i++) {
		if (one.requests[i].call == REQUEST_FORK || request_charged_pages(&one.requests[i], mode) > 0)
			return true;
	}
	return false;
}
