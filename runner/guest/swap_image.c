#include "guest/swap_image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define SIGNATURE "SWAPSPACE2"

/* include/linux/swap.h union swap_header: the first page of swap space, version 1, of every kernel here. */
struct swap_header {
	char boot_bits[1024];
	uint32_t version;
	uint32_t last_page;
	uint32_t bad_pages;
	char rest[PAGE_BYTES - 1024 - 12 - (sizeof(SIGNATURE) - 1)];
	char signature[sizeof(SIGNATURE) - 1];
};

_Static_assert(sizeof(struct swap_header) == PAGE_BYTES, "the header is one page");

int swap_image_make(uint64_t bytes, int *ret, struct err *err)
{
	struct swap_header header = {.version = 1, .last_page = (uint32_t)(bytes / PAGE_BYTES - 1)};
	int fd = memfd_create("enomem-swap", MFD_CLOEXEC);

	memcpy(header.signature, SIGNATURE, sizeof(header.signature));
	if (bytes / PAGE_BYTES > UINT32_MAX || fd == -1 || ftruncate(fd, (off_t)bytes) == -1 ||
	    pwrite(fd, &header, sizeof(header), 0) != sizeof(header)) {
		err_set_errno(err, errno ? errno : EFBIG, "cannot make a guest's swap");
		if (fd >= 0)
			close(fd);
		return -err->code;
	}
	*ret = fd;
	return 0;
}
