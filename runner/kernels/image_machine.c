/* Kernels of other machines, told by their magic numbers. */
#include <elf.h>
#include <stddef.h>
#include <string.h>

#include "kernels/image.h"

struct magic {
	size_t offset;
	const char *bytes;
	size_t size;
	const char *machine;
};

static const struct magic magics[] = {
	{0x38, "ARM\x64", 4, "64-bit ARM"},
	{0x24, "\x18\x28\x6f\x01", 4, "32-bit ARM"},
	{0x38, "RSC\x05", 4, "RISC-V"},
	{0x38, "\xcd\x23\x82\x81", 4, "LoongArch"},
	{0x10008, "S390EP", 6, "s390"},
	{0x04, "zimg", 4, "64-bit ARM, RISC-V or LoongArch"}, /* packed for EFI, which x86 never is this way */
};

struct elf_machine {
	unsigned number;
	const char *name;
};

static const struct elf_machine elf_machines[] = {
	{EM_386, "32-bit x86"}, {EM_ARM, "32-bit ARM"}, {EM_AARCH64, "64-bit ARM"},  {EM_RISCV, "RISC-V"},
	{EM_PPC64, "POWER"},    {EM_S390, "s390"},      {EM_LOONGARCH, "LoongArch"},
};

static const char *elf_machine(const unsigned char *bytes)
{
	bool big = bytes[EI_DATA] == ELFDATA2MSB;
	const unsigned char *at = bytes + offsetof(Elf64_Ehdr, e_machine);
	unsigned number = big ? (unsigned)(at[0] << 8 | at[1]) : image_u16(at);

	if (number == EM_X86_64 && !big)
		return bytes[EI_CLASS] == ELFCLASS64 ? NULL : "32-bit x86";
	for (size_t i = 0; i < sizeof(elf_machines) / sizeof(*elf_machines); i++) {
		if (elf_machines[i].number == number)
			return elf_machines[i].name;
	}
	return "not x86-64";
}

const char *image_other_machine(const void *bytes, size_t size)
{
	if (is_bzimage(bytes, size))
		return NULL;
	if (is_elf(bytes, size))
		return elf_machine(bytes);
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++) {
		const struct magic *magic = &magics[i];

		if (size >= magic->offset + magic->size &&
		    memcmp((const char *)bytes + magic->offset, magic->bytes, magic->size) == 0)
			return magic->machine;
	}
	return NULL;
}
