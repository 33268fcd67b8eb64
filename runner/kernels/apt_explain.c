#include "kernels/apt_explain.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

struct meaning {
	const char *fragment;
	int code;
};

/* The first of these that is in a message decides: what concerns safety stands before what may only follow from it. */
static const struct meaning meanings[] = {
	{"Hash Sum mismatch", EBADMSG},
	{"File has unexpected size", EBADMSG},
	{"NO_PUBKEY", EKEYREJECTED},
	{"BADSIG", EKEYREJECTED},
	{"EXPKEYSIG", EKEYREJECTED},
	{"REVKEYSIG", EKEYREJECTED},
	{"signatures were invalid", EKEYREJECTED},
	{"is not signed", EKEYREJECTED},
	{"GPG error", EKEYREJECTED},
	{"No space left on device", ENOSPC},
	{"enough free space", ENOSPC},
	{"Disk quota exceeded", ENOSPC},
	{"is expired (invalid since", ESTALE},
	{"is not valid yet", ESTALE},
	{"Could not resolve", ENETUNREACH},
	{"Temporary failure resolving", ENETUNREACH},
	{"Could not connect", ENETUNREACH},
	{"Unable to connect", ENETUNREACH},
	{"Cannot initiate the connection", ENETUNREACH},
	{"Connection failed", ENETUNREACH},
	{"connection timed out", ENETUNREACH},
	{"Connection timed out", ENETUNREACH},
	{"Network is unreachable", ENETUNREACH},
	{"Permission denied", EACCES},
	{"Read-only file system", EROFS},
};

static const char *advice_for(int code)
{
	switch (code) {
	case ENETUNREACH: return "is this machine offline? kernels that are here still work: `enomem kernels list`";
	case EKEYREJECTED:
		return "nothing of it is used; it is not Debian's archive, or debian-archive-keyring is too old for it";
	case EBADMSG: return "nothing of it is kept; the mirror is damaged or just being updated: try again later";
	case ESTALE: return "is this machine's clock right? if so, the mirror is no longer updated";
	default: return NULL;
	}
}

/* The next line that apt marks as one, without the mark; NULL at the end. */
static const char *next_message(const char **messages, size_t *ret_length)
{
	for (const char *line = *messages; *line; line = *messages) {
		size_t length = strcspn(line, "\n");

		*messages = line + length + (line[length] == '\n');
		if (length > 3 && (line[0] == 'E' || line[0] == 'W') && line[1] == ':' && line[2] == ' ') {
			*ret_length = length - 3;
			return line + 3;
		}
	}
	return NULL;
}

static size_t rank_of(const char *message, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (memmem(message, length, meanings[i].fragment, strlen(meanings[i].fragment)))
			break;
	}
	return i;
}

int apt_explain(const char *messages, const char *what, struct err *err)
{
	const size_t unknown = sizeof(meanings) / sizeof(*meanings);
	const char *message, *chosen = NULL, *advice;
	size_t length = 0, chosen_length = 0, best = unknown;

	while ((message = next_message(&messages, &length))) {
		size_t rank = rank_of(message, length);

		if (chosen && rank >= best)
			continue;
		chosen = message;
		chosen_length = length;
		best = rank;
	}
	if (!chosen)
		return err_set(err, EIO, "cannot %s: apt-get failed and did not say why", what);
	err_set(err, best < unknown ? meanings[best].code : EIO, "cannot %s: %.*s", what,
		(int)(chosen_length < 350 ? chosen_length : 350), chosen);
	advice = advice_for(err->code);
	return advice ? err_advise(err, "%s", advice) : -err->code;
}
