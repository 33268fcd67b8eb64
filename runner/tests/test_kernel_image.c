/* Kernel images as they say of themselves what they are; images cut off, damaged, and of other machines. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/extract.h"
#include "kernels/image.h"
#include "kernels/payload.h"
#include "lib/kernel_images.h"

static const char *const packing_names[PACKINGS] = {"gzip", "bzip2", "lzma", "xz", "lz4", "legacy lz4", "zstd"};

/* The whole sentence after "cannot use X as a kernel: ", or "" when it is one. */
static char *refusal_of(const void *bytes, size_t size)
{
	static struct err err;
	static const char before[] = "cannot use X as a kernel: ";
	struct image image;

	err = (struct err){0};
	if (image_parse(bytes, size, "X", &image, &err) == 0)
		return err.text + sizeof(err.text) - 1;
	cr_expect(eq(int, err.code, ENOEXEC));
	cr_expect(strncmp(err.text, before, strlen(before)) == 0, "%s", err.text);
	return err.text + strlen(before);
}

Test(kernel_image, bzimage)
{
	struct content content = make_packed(PACK_GZIP, true);
	struct image image;
	struct err err = {0};

	cr_assert(eq(int, image_parse(content.bytes, content.size, "X", &image, &err), 0));
	cr_expect(eq(int, image.kind, IMAGE_BZIMAGE));
	cr_expect(eq(str, image.release, TEST_RELEASE));
	cr_expect(eq(str, image.debian_version, "7.2.13-1"));
	cr_expect(eq(sz, image.payload_offset, 5 * 512 + 16));
	cr_expect(eq(sz, image.payload_bytes, content.size - 5 * 512 - 32));
	/* Its head tells the same, and a file that is shorter than it tells is cut off. */
	cr_expect(eq(int, bzimage_parse(content.bytes, 5 * 512, content.size, "X", &image, &err), 0));
	cr_expect(eq(int, bzimage_parse(content.bytes, 5 * 512, content.size - 17, "X", &image, &err), -ENOEXEC));
	cr_expect(eq(str, err.text, "cannot use X as a kernel: it is cut off"));
	content_free(&content);
}

Test(kernel_image, somebody_elses_build_has_no_debian_version)
{
	struct content payload = {(unsigned char *)strdup("none"), 4};
	struct content content = make_bzimage("6.18.44 (me@home) #1 SMP Debian 1.2-3", &payload);
	struct image image;
	struct err err = {0};

	cr_assert(eq(int, image_parse(content.bytes, content.size, "X", &image, &err), 0));
	cr_expect(eq(str, image.release, "6.18.44"));
	cr_expect(eq(str, image.debian_version, ""));
	content_free(&content);
	content_free(&payload);
}

Test(kernel_image, bzimage_that_cannot_be_used)
{
	struct content content = make_packed(PACK_GZIP, true);

	content.bytes[0x236] &= 0xfe;
	cr_expect(eq(str, refusal_of(content.bytes, content.size), "it is for another machine (32-bit x86)"));
	content.bytes[0x206] = 0x0b;
	cr_expect(eq(str, refusal_of(content.bytes, content.size), "it is older than Linux 3.8"));
	content.bytes[0x206] = 0x0f;
	content.bytes[0x236] |= 1;
	cr_expect(eq(str, refusal_of(content.bytes, content.size), ""));
	/* A release becomes a directory's name, and is printed. */
	content.bytes[0x600] = '.';
	cr_expect(eq(str, refusal_of(content.bytes, content.size), "its header names no kernel version"));
	memset(content.bytes + 0x600, '7', 200);
	cr_expect(eq(str, refusal_of(content.bytes, content.size), "its header names no kernel version"));
	memcpy(content.bytes + 0x20e, "\xff\xff", 2);
	cr_expect(eq(str, refusal_of(content.bytes, content.size), "its header names no kernel version"));
	content_free(&content);
}

/* However much is missing, it is an error and nothing else. Sizes are exact, so that sanitizers see a byte too many. */
Test(kernel_image, cut_off_anywhere)
{
	struct content whole[] = {make_packed(PACK_GZIP, true), make_vmlinux(EM_X86_64, TEST_BANNER, true)};

	for (int i = 0; i < 2; i++) {
		size_t tail = i == 0 ? 16 : 0;

		for (size_t size = 0; size < whole[i].size; size++) {
			unsigned char *part = malloc(size ? size : 1);

			bool enough = size + tail >= whole[i].size;

			memcpy(part, whole[i].bytes, size);
			cr_expect(enough == (refusal_of(part, size)[0] == '\0'), "image %d, %zu of %zu bytes", i, size,
				  whole[i].size);
			free(part);
		}
		content_free(&whole[i]);
	}
}

Test(kernel_image, vmlinux)
{
	struct content pvh = make_vmlinux(EM_X86_64, TEST_BANNER, true);
	struct content other = make_vmlinux(EM_X86_64, "6.18.44-own (me@home)", false);
	struct image image;
	struct err err = {0};

	cr_assert(eq(int, image_parse(pvh.bytes, pvh.size, "X", &image, &err), 0));
	cr_expect(eq(int, image.kind, IMAGE_VMLINUX));
	cr_expect(eq(str, image.release, TEST_RELEASE));
	cr_expect(eq(str, image.debian_version, "7.2.13-1"));
	cr_expect(image.is_pvh);
	cr_assert(eq(int, image_parse(other.bytes, other.size, "X", &image, &err), 0));
	cr_expect(eq(str, image.release, "6.18.44-own"));
	cr_expect(image.is_pvh == false);
	content_free(&pvh);
	content_free(&other);
}

Test(kernel_image, what_is_no_kernel)
{
	struct content program = make_vmlinux(EM_X86_64, "unknown", true);
	char text[] = "#!/bin/sh\necho it is a long enough text that no header is beyond its end ...................\n";

	cr_expect(eq(str, refusal_of("", 0), "it is empty"));
	cr_expect(eq(str, refusal_of(text, sizeof(text)), "it is neither a bzImage nor a vmlinux"));
	cr_expect(eq(str, refusal_of(program.bytes, program.size), "it is a program for x86-64, but no Linux kernel"));
	program.bytes[16] = ET_REL;
	cr_expect(eq(str, refusal_of(program.bytes, program.size), "it is an object file, not a linked vmlinux"));
	content_free(&program);
}

Test(kernel_image, another_machine)
{
	unsigned char image[4096] = {0};
	struct content elf = make_vmlinux(EM_386, TEST_BANNER, true);

	memcpy(image + 0x38, "ARM\x64", 4);
	cr_expect(eq(str, refusal_of(image, sizeof(image)), "it is for another machine (64-bit ARM)"));
	memcpy(image + 0x38, "RSC\x05", 4);
	cr_expect(eq(str, refusal_of(image, sizeof(image)), "it is for another machine (RISC-V)"));
	cr_expect(eq(str, refusal_of(elf.bytes, elf.size), "it is for another machine (32-bit x86)"));
	elf.bytes[18] = EM_AARCH64;
	cr_expect(eq(str, refusal_of(elf.bytes, elf.size), "it is for another machine (64-bit ARM)"));
	elf.bytes[18] = EM_PARISC;
	cr_expect(eq(str, refusal_of(elf.bytes, elf.size), "it is for another machine (not x86-64)"));
	content_free(&elf);
}

/* What comes out of each compression is what went in. */
Test(kernel_image, each_compression)
{
	struct content vmlinux = make_vmlinux(EM_X86_64, TEST_BANNER, true);

	for (int packing = 0; packing < PACKINGS; packing++) {
		struct content image_bytes = make_packed((enum packing)packing, true), unpacked = {0};
		struct image image;
		struct err err = {0};

		cr_assert(eq(int, image_parse(image_bytes.bytes, image_bytes.size, "X", &image, &err), 0));
		cr_expect(extract_vmlinux(&image_bytes, &image, "X", &unpacked, &err) == 0, "%s: %s",
			  packing_names[packing], err.text);
		cr_expect(unpacked.size == vmlinux.size && memcmp(unpacked.bytes, vmlinux.bytes, vmlinux.size) == 0,
			  "%s", packing_names[packing]);
		content_free(&unpacked);
		content_free(&image_bytes);
	}
	content_free(&vmlinux);
}

static int extract(struct content *bytes, struct content *unpacked, struct err *err)
{
	struct image image;

	*unpacked = (struct content){0};
	cr_assert(eq(int, image_parse(bytes->bytes, bytes->size, "X", &image, err), 0));
	return extract_vmlinux(bytes, &image, "X", unpacked, err);
}

Test(kernel_image, what_boots_packed_only)
{
	struct content plain = make_packed(PACK_XZ, false), unknown = make_packed(PACK_ZSTD, true), unpacked;
	struct err err = {0};

	cr_expect(eq(int, extract(&plain, &unpacked, &err), 0));
	cr_expect(unpacked.bytes == NULL, "without a PVH entry");
	memcpy(unknown.bytes + 5 * 512 + 16, "\x89LZO", 4);
	cr_expect(eq(int, extract(&unknown, &unpacked, &err), 0));
	cr_expect(unpacked.bytes == NULL, "an unknown compression");
	cr_expect(eq(int, err.code, 0));
	content_free(&plain);
	content_free(&unknown);
}

Test(kernel_image, damaged_payloads)
{
	struct content vmlinux = make_vmlinux(EM_X86_64, TEST_BANNER, true), unpacked = {0};

	for (int packing = 0; packing < PACKINGS; packing++) {
		struct content payload = make_payload((enum packing)packing, &vmlinux);
		unsigned char *size = payload.bytes + payload.size - 4;
		struct err err = {0};

		/* Told a byte more, a byte less, nothing, more than any kernel has. */
		size[0] += 1;
		cr_expect(payload_unpack(payload.bytes, payload.size, "X", &unpacked, &err) == -EBADMSG, "%s, more",
			  packing_names[packing]);
		size[0] -= 2;
		cr_expect(payload_unpack(payload.bytes, payload.size, "X", &unpacked, &err) == -EBADMSG, "%s, less",
			  packing_names[packing]);
		memset(size, 0, 4);
		cr_expect(payload_unpack(payload.bytes, payload.size, "X", &unpacked, &err) == -EBADMSG);
		memset(size, 0xff, 4);
		cr_expect(eq(int, payload_unpack(payload.bytes, payload.size, "X", &unpacked, &err), -EFBIG));
		cr_expect(eq(str, err.text, "cannot unpack the kernel in X: it would have 4095 MiB, more than 512"));
		/* Cut off in the middle, with a size that is right. */
		memcpy(payload.bytes + payload.size / 2, (unsigned char[]){0, 0x10, 0, 0}, 4);
		cr_expect(payload_unpack(payload.bytes, payload.size / 2 + 4, "X", &unpacked, &err) == -EBADMSG,
			  "%s, half", packing_names[packing]);
		cr_expect(unpacked.bytes == NULL);
		content_free(&payload);
	}
	content_free(&vmlinux);
}

Test(kernel_image, header_and_payload_that_differ)
{
	struct content vmlinux = make_vmlinux(EM_X86_64, "6.1.0-50-cloud-amd64 (x)", true);
	struct content payload = make_payload(PACK_ZSTD, &vmlinux);
	struct content image = make_bzimage(TEST_BANNER, &payload), unpacked;
	struct err err = {0};

	cr_expect(eq(int, extract(&image, &unpacked, &err), -EBADMSG));
	cr_expect(eq(str, err.text,
		     "cannot unpack the kernel in X: its header says " TEST_RELEASE
		     ", but it is 6.1.0-50-cloud-amd64"));
	cr_expect(unpacked.bytes == NULL);
	content_free(&vmlinux);
	content_free(&payload);
	content_free(&image);
}
