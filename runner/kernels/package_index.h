/* What Debian's archive offers: the kernels in the package index that apt has verified. */
#ifndef ENOMEM_KERNELS_PACKAGE_INDEX_H
#define ENOMEM_KERNELS_PACKAGE_INDEX_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/content.h"
#include "kernels/image.h"

struct kernel_package {
	char name[160];                    /* "linux-binary-7.2.13+deb14-cloud-amd64" */
	char release[RELEASE_SIZE];        /* "7.2.13+deb14-cloud-amd64" */
	char version[DEBIAN_VERSION_SIZE]; /* "7.2.13-1" */
	uint64_t bytes;                    /* of the .deb */
	char sha256[SHA256_TEXT];          /* of the .deb */
	bool is_binary;                    /* from 6.19 on the image is in linux-binary-*, before in linux-image-* */
	bool is_unsigned;                  /* not signed for Secure Boot, which a guest does not have */
};

struct package_index {
	struct kernel_package *packages; /* newest first, one for each release */
	unsigned count;
	int64_t fetched_s; /* since the epoch */
	bool is_complete;  /* all suites were there */
};

/*
 * Parse the stanzas that `apt-cache show` prints; other packages are passed over. -EBADMSG when one that counts is not
 * as it should be, -ENOMEM. Release it with package_index_free(), which takes a zeroed one too.
 */
int package_index_parse(const char *text, size_t size, struct package_index *ret, struct err *err);

/* The same from and to what is kept between two calls. `origin` names mirror and keyring: -EBADMSG for another. */
int package_index_from_json(json_t *root, const char *origin, struct package_index *ret);
json_t *package_index_to_json(const struct package_index *index, const char *origin);

void package_index_free(struct package_index *index);

/* The newest that `version` means; NULL when there is none. */
const struct kernel_package *package_index_newest(const struct package_index *index, const char *version);

/* "6.18, 6.19, 7.0": the minor versions that it offers, oldest first, into `buffer`, which is returned. */
const char *package_index_minors(const struct package_index *index, char *buffer, size_t size);

#endif
