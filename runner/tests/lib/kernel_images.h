/* Kernel images made for tests: as small as the parsers allow, of any compression. */
#ifndef ENOMEM_TESTS_LIB_KERNEL_IMAGES_H
#define ENOMEM_TESTS_LIB_KERNEL_IMAGES_H

#include <stdbool.h>

#include "kernels/content.h"

#define TEST_RELEASE "7.2.13+deb14-cloud-amd64"
#define TEST_BANNER TEST_RELEASE " (debian-kernel@lists.debian.org) #1 SMP Debian 7.2.13-1 (2026-10-28)"

enum packing { PACK_GZIP, PACK_BZIP2, PACK_LZMA, PACK_XZ, PACK_LZ4, PACK_LZ4_LEGACY, PACK_ZSTD, PACKINGS };

/* A vmlinux of `machine` (EM_X86_64) with a banner and notes, among them the PVH entry when asked for. */
struct content make_vmlinux(unsigned machine, const char *banner, bool is_pvh);

/* Pack as the kernel's build does: the unpacked size is added unless it is gzip. */
struct content make_payload(enum packing packing, const struct content *vmlinux);

/* A bzImage of these payload bytes. */
struct content make_bzimage(const char *banner, const struct content *payload);

/* All three in one. */
struct content make_packed(enum packing packing, bool is_pvh);

/* Write to PATH; fails the test when it cannot. */
void put_file(const char *path, const struct content *content);

#endif
