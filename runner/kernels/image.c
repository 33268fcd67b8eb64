/* Documentation/arch/x86/boot.rst tells the bzImage's header, include/xen/interface/elfnote.h the note. */
#include "kernels/image.h"

#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SETUP_SECTORS 0x1f1
#define BOOT_FLAG 0x1fe
#define HEADER_MAGIC 0x202
#define PROTOCOL 0x206
#define VERSION_POINTER 0x20e
#define XLOADFLAGS 0x236
#define PAYLOAD_OFFSET 0x248
#define PAYLOAD_LENGTH 0x24c
#define HEADER_END 0x250

#define PHYS32_ENTRY 18
#define BANNER "Linux version "

static unsigned get16(const unsigned char *at)
{
	return at[0] | (unsigned)at[1] << 8;
}

static uint32_t get32(const unsigned char *at)
{
	return get16(at) | (uint32_t)get16(at + 2) << 16;
}

/* The first word at `offset`. */
static bool take_release(const unsigned char *data, size_t length, size_t offset, struct image *ret)
{
	size_t end = offset;

	while (end < length && data[end] > ' ' && data[end] < 0x7f)
		end++;
	if (end == offset || end - offset >= sizeof(ret->release))
		return false;
	memcpy(ret->release, data + offset, end - offset);
	ret->release[end - offset] = '\0';
	return true;
}

static int read_bzimage(const unsigned char *data, size_t length, struct image *ret, struct err *err)
{
	size_t setup_bytes = ((data[SETUP_SECTORS] ? data[SETUP_SECTORS] : 4) + (size_t)1) * 512;
	size_t offset = setup_bytes + get32(data + PAYLOAD_OFFSET), payload = get32(data + PAYLOAD_LENGTH);

	if (get16(data + PROTOCOL) < 0x20c || !(get16(data + XLOADFLAGS) & 1))
		return err_set(err, ENOEXEC, "it is a kernel for 32-bit x86, or one from before 3.8");
	if (!take_release(data, length, get16(data + VERSION_POINTER) + (size_t)0x200, ret))
		return err_set(err, ENOEXEC, "it is a damaged kernel image: its version cannot be read");
	if (payload < 16 || offset > length || payload > length - offset)
		return err_set(err, ENOEXEC, "it is a kernel image that is cut off");
	ret->payload_offset = offset;
	ret->payload_length = payload;
	return 0;
}

/* The notes of a segment: is the entry point for PVH among them? */
static bool has_pvh_note(const unsigned char *notes, size_t length)
{
	size_t at = 0;

	while (length - at >= 12) {
		uint32_t name_bytes = get32(notes + at), data_bytes = get32(notes + at + 4),
			 type = get32(notes + at + 8);
		size_t name = ((size_t)name_bytes + 3) & ~(size_t)3, data = ((size_t)data_bytes + 3) & ~(size_t)3;

		at += 12;
		if (name > length - at || data > length - at - name)
			return false;
		if (type == PHYS32_ENTRY && name_bytes == 4 && memcmp(notes + at, "Xen", 4) == 0)
			return true;
		at += name + data;
	}
	return false;
}

static bool find_pvh(const unsigned char *data, size_t length)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	memcpy(&header, data, sizeof(header));
	for (unsigned i = 0; i < header.e_phnum && header.e_phentsize >= sizeof(segment); i++) {
		uint64_t at = header.e_phoff + (uint64_t)i * header.e_phentsize;

		if (header.e_phoff > length || at > length || sizeof(segment) > length - at)
			return false;
		memcpy(&segment, data + at, sizeof(segment));
		if (segment.p_type == PT_NOTE && segment.p_offset <= length &&
		    segment.p_filesz <= length - segment.p_offset &&
		    has_pvh_note(data + segment.p_offset, segment.p_filesz))
			return true;
	}
	return false;
}

static const char *machine_name(unsigned machine)
{
	switch (machine) {
	case EM_386: return "32-bit x86";
	case EM_AARCH64: return "arm64";
	case EM_ARM: return "arm";
	case EM_RISCV: return "riscv";
	case EM_PPC64: return "ppc64";
	case EM_S390: return "s390";
	default: return "another machine";
	}
}

static int read_vmlinux(const unsigned char *data, size_t length, struct image *ret, struct err *err)
{
	const unsigned char *at = data;

	if (length < sizeof(Elf64_Ehdr))
		return err_set(err, ENOEXEC, "it is an ELF file that is cut off");
	if (data[EI_CLASS] != ELFCLASS64 || get16(data + 18) != EM_X86_64)
		return err_set(err, ENOEXEC, "it is an ELF file for %s", machine_name(get16(data + 18)));
	ret->is_vmlinux = true;
	ret->is_pvh = find_pvh(data, length);
	while ((at = memmem(at, length - (size_t)(at - data), BANNER, strlen(BANNER)))) {
		at += strlen(BANNER);
		/* The banner's format string stands there, too. */
		if (at < data + length && *at >= '0' && *at <= '9' &&
		    take_release(data, length, (size_t)(at - data), ret))
			return 0;
	}
	return err_set(err, ENOEXEC, "it is an ELF file, but no Linux kernel");
}

int image_read(const unsigned char *data, size_t length, struct image *ret, struct err *err)
{
	*ret = (struct image){0};
	if (length >= SELFMAG && memcmp(data, ELFMAG, SELFMAG) == 0)
		return read_vmlinux(data, length, ret, err);
	if (length >= 64 && memcmp(data + 56, "ARM\x64", 4) == 0)
		return err_set(err, ENOEXEC, "it is a kernel for arm64");
	if (length >= 64 && memcmp(data + 48, "RISCV", 5) == 0)
		return err_set(err, ENOEXEC, "it is a kernel for riscv");
	if (length >= HEADER_END && get16(data + BOOT_FLAG) == 0xaa55 && memcmp(data + HEADER_MAGIC, "HdrS", 4) == 0)
		return read_bzimage(data, length, ret, err);
	if (length >= 2 && (memcmp(data, "\x1f\x8b", 2) == 0))
		return err_set(err, ENOEXEC, "it is a file packed with gzip: unpack it first");
	return err_set(err, ENOEXEC, "it is no Linux kernel image (bzImage or vmlinux)");
}
