#include "lib/kernel_images.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <elf.h>
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VMLINUX_BYTES 4096
#define NOTES_AT 512
#define BANNER_AT 1024
#define SETUP_BYTES (5 * 512)

static void put_16(unsigned char *at, unsigned value)
{
	uint16_t number = htole16((uint16_t)value);

	memcpy(at, &number, sizeof(number));
}

static void put_32(unsigned char *at, size_t value)
{
	uint32_t number = htole32((uint32_t)value);

	memcpy(at, &number, sizeof(number));
}

static struct content make_content(size_t size)
{
	struct content content = {calloc(1, size), size};

	cr_assert(content.bytes != NULL);
	return content;
}

static size_t put_note(unsigned char *at, const char *owner, unsigned type, size_t text_bytes)
{
	size_t owner_bytes = strlen(owner) + 1;

	put_32(at, owner_bytes);
	put_32(at + 4, text_bytes);
	put_32(at + 8, type);
	memcpy(at + 12, owner, owner_bytes);
	return 12 + ((owner_bytes + 3) & ~(size_t)3) + ((text_bytes + 3) & ~(size_t)3);
}

struct content make_vmlinux(unsigned machine, const char *banner, bool is_pvh)
{
	struct content vmlinux = make_content(VMLINUX_BYTES);
	unsigned char *notes = vmlinux.bytes + NOTES_AT;
	Elf64_Ehdr header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
			     .e_type = ET_EXEC,
			     .e_machine = (Elf64_Half)machine,
			     .e_phoff = sizeof(Elf64_Ehdr),
			     .e_phentsize = sizeof(Elf64_Phdr),
			     .e_phnum = 2};
	Elf64_Phdr segments[2] = {{.p_type = PT_LOAD, .p_filesz = VMLINUX_BYTES},
				  {.p_type = PT_NOTE, .p_offset = NOTES_AT, .p_align = 4}};

	segments[1].p_filesz = put_note(notes, "Linux", 0x101, 5);
	segments[1].p_filesz += put_note(notes + segments[1].p_filesz, is_pvh ? "Xen" : "Xem", 18, 8);
	memcpy(vmlinux.bytes, &header, sizeof(header));
	memcpy(vmlinux.bytes + sizeof(header), segments, sizeof(segments));
	/* A format with the same words stands before the banner, as in real ones. */
	snprintf((char *)vmlinux.bytes + BANNER_AT - 64, 64, "Linux version %%s");
	snprintf((char *)vmlinux.bytes + BANNER_AT, 512, "Linux version %s", banner);
	return vmlinux;
}

/* Literals alone, which every decoder must take. */
static struct content pack_lz4_legacy(const struct content *plain)
{
	struct content packed = make_content(plain->size + plain->size / 255 + 64);
	unsigned char *at = packed.bytes + 8;
	size_t left = plain->size - 15;

	memcpy(packed.bytes, "\x02\x21\x4c\x18", 4);
	*at++ = 0xf0;
	for (; left >= 255; left -= 255)
		*at++ = 255;
	*at++ = (unsigned char)left;
	memcpy(at, plain->bytes, plain->size);
	at += plain->size;
	put_32(packed.bytes + 4, (size_t)(at - packed.bytes) - 8);
	packed.size = (size_t)(at - packed.bytes);
	return packed;
}

static struct content pack(enum packing packing, const struct content *plain)
{
	static int (*const filters[PACKINGS])(struct archive *) = {
		[PACK_GZIP] = archive_write_add_filter_gzip, [PACK_BZIP2] = archive_write_add_filter_bzip2,
		[PACK_LZMA] = archive_write_add_filter_lzma, [PACK_XZ] = archive_write_add_filter_xz,
		[PACK_LZ4] = archive_write_add_filter_lz4,   [PACK_ZSTD] = archive_write_add_filter_zstd};
	struct content packed = make_content(2 * plain->size + 1024);
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	archive_write_set_format_raw(archive);
	filters[packing](archive);
	archive_write_set_bytes_in_last_block(archive, 1);
	cr_assert(archive_write_open_memory(archive, packed.bytes, packed.size, &packed.size) == ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	cr_assert(archive_write_header(archive, entry) == ARCHIVE_OK);
	cr_assert(archive_write_data(archive, plain->bytes, plain->size) == (la_ssize_t)plain->size);
	cr_assert(archive_write_close(archive) == ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(archive);
	return packed;
}

struct content make_payload(enum packing packing, const struct content *vmlinux)
{
	struct content packed = packing == PACK_LZ4_LEGACY ? pack_lz4_legacy(vmlinux) : pack(packing, vmlinux);

	if (packing == PACK_GZIP)
		return packed;
	packed.bytes = realloc(packed.bytes, packed.size + 4);
	cr_assert(packed.bytes != NULL);
	put_32(packed.bytes + packed.size, vmlinux->size);
	packed.size += 4;
	return packed;
}

struct content make_bzimage(const char *banner, const struct content *payload)
{
	struct content image = make_content(SETUP_BYTES + 16 + payload->size + 16);

	image.bytes[0x1f1] = SETUP_BYTES / 512 - 1;
	memcpy(image.bytes + 0x202, "HdrS", 4);
	put_16(image.bytes + 0x206, 0x020f);
	put_16(image.bytes + 0x20e, 0x400);
	put_16(image.bytes + 0x236, 0x3f);
	put_32(image.bytes + 0x248, 16);
	put_32(image.bytes + 0x24c, payload->size);
	snprintf((char *)image.bytes + 0x600, 512, "%s", banner);
	memcpy(image.bytes + SETUP_BYTES + 16, payload->bytes, payload->size);
	return image;
}

struct content make_packed(enum packing packing, bool is_pvh)
{
	struct content vmlinux = make_vmlinux(EM_X86_64, TEST_BANNER, is_pvh);
	struct content payload = make_payload(packing, &vmlinux);
	struct content image = make_bzimage(TEST_BANNER, &payload);

	content_free(&vmlinux);
	content_free(&payload);
	return image;
}

void put_file(const char *path, const struct content *content)
{
	FILE *file = fopen(path, "we");

	cr_assert(file != NULL, "%s", path);
	cr_assert(fwrite(content->bytes, 1, content->size, file) == content->size);
	cr_assert(fclose(file) == 0);
}
