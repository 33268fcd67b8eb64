/* The setup header: Documentation/arch/x86/boot.rst of the kernel. */
#include <errno.h>
#include <string.h>

#include "kernels/image.h"

#define SECTOR_BYTES 512
#define AT_SETUP_SECTORS 0x1f1
#define AT_MAGIC 0x202
#define AT_PROTOCOL 0x206
#define AT_VERSION_POINTER 0x20e
#define AT_LOAD_FLAGS 0x236
#define AT_PAYLOAD_OFFSET 0x248
#define AT_PAYLOAD_BYTES 0x24c
#define HEADER_END 0x250

/* The first that tells whether there is a 64-bit entry; Linux 3.8. */
#define PROTOCOL_LEAST 0x020c
#define LOAD_FLAG_64_BIT 1

bool is_bzimage(const void *bytes, size_t size)
{
	return size >= AT_MAGIC + 4 && memcmp((const char *)bytes + AT_MAGIC, "HdrS", 4) == 0;
}

static int bad(const char *name, const char *reason, struct err *err)
{
	return err_set(err, ENOEXEC, "cannot use %s as a kernel: %s", name, reason);
}

static int check_machine(const unsigned char *bytes, const char *name, struct err *err)
{
	if (image_u16(bytes + AT_PROTOCOL) < PROTOCOL_LEAST)
		return bad(name, "it is older than Linux 3.8", err);
	if (image_u16(bytes + AT_LOAD_FLAGS) & LOAD_FLAG_64_BIT)
		return 0;
	bad(name, "it is for another machine (32-bit x86)", err);
	return err_advise(err, "guests are x86-64");
}

static bool take_release(const unsigned char *bytes, size_t setup_bytes, struct image *image)
{
	size_t pointer = image_u16(bytes + AT_VERSION_POINTER);
	size_t at = pointer + 0x200;

	return pointer != 0 && at < setup_bytes && image_take_banner((const char *)bytes + at, setup_bytes - at, image);
}

/* Without a payload the image can be booted all the same; one beyond the end means that the file is cut off. */
static bool take_payload(const unsigned char *bytes, size_t setup_bytes, size_t file_bytes, struct image *image)
{
	size_t offset = setup_bytes + image_u32(bytes + AT_PAYLOAD_OFFSET);
	size_t length = image_u32(bytes + AT_PAYLOAD_BYTES);

	if (offset > file_bytes || length > file_bytes - offset)
		return false;
	image->payload_offset = offset;
	image->payload_bytes = length;
	return true;
}

int bzimage_parse(const void *head, size_t size, size_t file_bytes, const char *name, struct image *ret,
		  struct err *err)
{
	const unsigned char *bytes = head;
	struct image image = {.kind = IMAGE_BZIMAGE};
	size_t sectors, setup_bytes;
	int status;

	if (!is_bzimage(head, size))
		return bad(name, "it is no bzImage", err);
	if (size < HEADER_END)
		return bad(name, "it is cut off", err);
	status = check_machine(bytes, name, err);
	if (status < 0)
		return status;
	sectors = bytes[AT_SETUP_SECTORS];
	setup_bytes = ((sectors ? sectors : 4) + 1) * SECTOR_BYTES;
	if (file_bytes <= setup_bytes || size < (setup_bytes < BZIMAGE_HEAD_BYTES ? setup_bytes : BZIMAGE_HEAD_BYTES))
		return bad(name, "it is cut off", err);
	if (!take_release(bytes, setup_bytes < size ? setup_bytes : size, &image))
		return bad(name, "its header names no kernel version", err);
	if (!take_payload(bytes, setup_bytes, file_bytes, &image))
		return bad(name, "it is cut off", err);
	*ret = image;
	return 0;
}
