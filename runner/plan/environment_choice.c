#include "plan/environment_choice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/suggest.h"

static const char *const words[ENVIRONMENT_IDS] = {"ns", "host", "vm"};

const char *environment_word(enum environment_id id)
{
	return words[id];
}

static int unknown(const char *word, struct err *err)
{
	struct suggestion near = {0};

	for (int id = 0; id < ENVIRONMENT_IDS; id++)
		suggest_consider(&near, word, words[id]);
	err_set(err, EINVAL, "there is no environment \"%.80s\"", word);
	if (near.word)
		return err_advise(err, "did you mean \"%s\"?", near.word);
	return err_advise(err,
			  "there are ns (changes nothing), host (changes this machine, and puts it back) and vm:KERNEL "
			  "(a guest with another kernel)");
}

static int take_kernel(const char *kernel, struct environment_choice *ret, struct err *err)
{
	if (kernel[0] == '\0') {
		err_set(err, EINVAL, "environment vm has no kernel");
		return err_advise(err,
				  "write vm:debian:7.2, or vm:./vmlinuz; `enomem kernels list` shows what there is");
	}
	if (strlen(kernel) >= sizeof(ret->kernel))
		return err_set(err, EINVAL, "environment vm:%.40s... is too long", kernel);
	strcpy(ret->kernel, kernel);
	return 0;
}

int environment_choice_parse(const char *word, struct environment_choice *ret, struct err *err)
{
	*ret = (struct environment_choice){0};
	if (strcmp(word, "vm") == 0 || strncmp(word, "vm:", 3) == 0) {
		ret->id = ENVIRONMENT_VM;
		return take_kernel(word[2] ? word + 3 : "", ret, err);
	}
	for (int id = 0; id < ENVIRONMENT_VM; id++) {
		ret->id = (enum environment_id)id;
		if (strcmp(words[id], word) == 0)
			return 0;
	}
	return unknown(word, err);
}

bool environment_choice_same(const struct environment_choice *a, const struct environment_choice *b)
{
	return a->id == b->id && strcmp(a->kernel, b->kernel) == 0;
}

const char *environment_label(enum environment_id id, const char *kernel, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s%s%s", words[id], id == ENVIRONMENT_VM ? ":" : "",
		 id == ENVIRONMENT_VM && kernel ? kernel : "");
	return buffer;
}
