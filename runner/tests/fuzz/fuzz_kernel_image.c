/* Kernel images: any bytes. What is taken has a release that can be a file's name, and a payload inside the image. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/extract.h"
#include "kernels/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct image *image, size_t size)
{
	if (!image->release[0] || strpbrk(image->release, "/ \n\033") || strpbrk(image->debian_version, "/ \n\033"))
		abort();
	if (image->payload_offset > size || image->payload_bytes > size - image->payload_offset)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct content content = {malloc(size ? size : 1), size}, vmlinux = {0};
	struct image image;
	struct err err = {0};

	if (!content.bytes)
		return 0;
	memcpy(content.bytes, data, size);
	if (image_parse(content.bytes, size, "X", &image, &err) < 0) {
		if (strncmp(err.text, "cannot ", 7) != 0)
			abort();
	} else {
		check(&image, size);
		if (image.kind == IMAGE_BZIMAGE)
			extract_vmlinux(&content, &image, "X", &vmlinux, &err);
	}
	content_free(&vmlinux);
	content_free(&content);
	return 0;
}
