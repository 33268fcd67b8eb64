#include "kernels/image.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#define DEBIAN_BUILDER "(debian-kernel@lists.debian.org)"
#define BANNER_BYTES_MOST 512

unsigned image_u16(const unsigned char *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return le16toh(value);
}

unsigned long image_u32(const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

unsigned long image_u64(const unsigned char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return le64toh(value);
}

/* A word of what versions are made of: it becomes a file's name, and is printed on terminals. */
static size_t version_word(const char *text, size_t size)
{
	size_t length = 0;

	while (length < size && text[length] && (isalnum((unsigned char)text[length]) || strchr(".+~_-", text[length])))
		length++;
	return isdigit((unsigned char)text[0]) ? length : 0;
}

static bool take_word(const char *text, size_t size, char *ret, size_t ret_size)
{
	size_t length = size > 0 ? version_word(text, size) : 0;

	if (length == 0 || length >= ret_size)
		return false;
	memcpy(ret, text, length);
	ret[length] = '\0';
	return true;
}

static void take_debian_version(const char *banner, size_t size, struct image *image)
{
	static const char before[] = " Debian ";
	const char *builder = memmem(banner, size, DEBIAN_BUILDER, strlen(DEBIAN_BUILDER));
	const char *end = banner + size;
	const char *at;

	if (!builder)
		return;
	at = memmem(builder, (size_t)(end - builder), before, strlen(before));
	if (!at)
		return;
	at += strlen(before);
	if (!take_word(at, (size_t)(end - at), image->debian_version, sizeof(image->debian_version)))
		image->debian_version[0] = '\0';
}

bool image_take_banner(const char *banner, size_t size, struct image *image)
{
	size = strnlen(banner, size < BANNER_BYTES_MOST ? size : BANNER_BYTES_MOST);
	if (!take_word(banner, size, image->release, sizeof(image->release)))
		return false;
	take_debian_version(banner, size, image);
	return true;
}

static int no_kernel(const void *bytes, size_t size, const char *name, struct err *err)
{
	const char *other = image_other_machine(bytes, size);

	if (size == 0)
		return err_set(err, ENOEXEC, "cannot use %s as a kernel: it is empty", name);
	if (other) {
		err_set(err, ENOEXEC, "cannot use %s as a kernel: it is for another machine (%s)", name, other);
		return err_advise(err, "guests are x86-64");
	}
	err_set(err, ENOEXEC, "cannot use %s as a kernel: it is neither a bzImage nor a vmlinux", name);
	return err_advise(err, "a bzImage is what /boot/vmlinuz-* and a kernel's arch/x86/boot/bzImage are");
}

int image_parse(const void *bytes, size_t size, const char *name, struct image *ret, struct err *err)
{
	if (is_bzimage(bytes, size))
		return bzimage_parse(bytes, size, size, name, ret, err);
	if (is_elf(bytes, size) && !image_other_machine(bytes, size))
		return vmlinux_parse(bytes, size, name, ret, err);
	return no_kernel(bytes, size, name, err);
}
