#include <elf.h>
#include <errno.h>
#include <string.h>

#include "kernels/image.h"

/* The physical address where a PVH loader, QEMU for instance, enters the kernel. */
#define NOTE_PHYS32_ENTRY 18
#define NOTE_OWNER "Xen"
#define NOTE_HEADER_BYTES 12

#define BANNER "Linux version "

struct span {
	const unsigned char *bytes;
	size_t size;
};

bool is_elf(const void *bytes, size_t size)
{
	return size >= sizeof(Elf64_Ehdr) && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

static int bad(const char *name, const char *reason, struct err *err)
{
	return err_set(err, ENOEXEC, "cannot use %s as a kernel: %s", name, reason);
}

static bool inside(const struct span *file, size_t offset, size_t length)
{
	return offset <= file->size && length <= file->size - offset;
}

static size_t round_up(size_t length, size_t alignment)
{
	return (length + alignment - 1) & ~(alignment - 1);
}

/* Lengths are 32-bit numbers, so nothing overflows. */
static bool has_pvh_note(const struct span *notes, size_t alignment)
{
	size_t at = 0;

	while (notes->size - at >= NOTE_HEADER_BYTES) {
		const unsigned char *note = notes->bytes + at;
		size_t owner = image_u32(note), text = image_u32(note + 4);
		size_t text_at = at + NOTE_HEADER_BYTES + round_up(owner, alignment);

		if (!inside(notes, text_at, text))
			return false;
		if (image_u32(note + 8) == NOTE_PHYS32_ENTRY && owner == sizeof(NOTE_OWNER) && text >= 4 &&
		    memcmp(note + NOTE_HEADER_BYTES, NOTE_OWNER, sizeof(NOTE_OWNER)) == 0)
			return true;
		at = text_at + round_up(text, alignment);
		if (at > notes->size)
			return false;
	}
	return false;
}

/* One program header: what it holds must be in the file, and notes are searched. */
static bool take_segment(const struct span *file, const unsigned char *header, struct image *image)
{
	unsigned long type = image_u32(header + offsetof(Elf64_Phdr, p_type));
	size_t offset = image_u64(header + offsetof(Elf64_Phdr, p_offset));
	size_t length = image_u64(header + offsetof(Elf64_Phdr, p_filesz));
	size_t alignment = image_u64(header + offsetof(Elf64_Phdr, p_align)) == 8 ? 8 : 4;

	if (type != PT_LOAD && type != PT_NOTE)
		return true;
	if (!inside(file, offset, length))
		return false;
	if (type == PT_NOTE && has_pvh_note(&(struct span){file->bytes + offset, length}, alignment))
		image->is_pvh = true;
	return true;
}

static bool take_segments(const struct span *file, struct image *image)
{
	size_t at = image_u64(file->bytes + offsetof(Elf64_Ehdr, e_phoff));
	size_t each = image_u16(file->bytes + offsetof(Elf64_Ehdr, e_phentsize));
	size_t count = image_u16(file->bytes + offsetof(Elf64_Ehdr, e_phnum));

	if (each != sizeof(Elf64_Phdr) || !inside(file, at, each * count))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!take_segment(file, file->bytes + at + i * each, image))
			return false;
	}
	return true;
}

/* The words also stand before a format, so look on until a version follows. */
static bool take_release(const struct span *file, struct image *image)
{
	const char *at = (const char *)file->bytes;
	const char *end = at + file->size;

	while ((at = memmem(at, (size_t)(end - at), BANNER, strlen(BANNER)))) {
		at += strlen(BANNER);
		if (image_take_banner(at, (size_t)(end - at), image))
			return true;
	}
	return false;
}

int vmlinux_parse(const void *bytes, size_t size, const char *name, struct image *ret, struct err *err)
{
	struct image image = {.kind = IMAGE_VMLINUX};
	struct span file = {bytes, size};
	unsigned type;

	if (!is_elf(bytes, size) || image_other_machine(bytes, size))
		return bad(name, "it is no x86-64 vmlinux", err);
	type = image_u16(file.bytes + offsetof(Elf64_Ehdr, e_type));
	if (type != ET_EXEC && type != ET_DYN)
		return bad(name, "it is an object file, not a linked vmlinux", err);
	if (!take_segments(&file, &image))
		return bad(name, "it is cut off", err);
	if (!take_release(&file, &image))
		return bad(name, "it is a program for x86-64, but no Linux kernel", err);
	*ret = image;
	return 0;
}
