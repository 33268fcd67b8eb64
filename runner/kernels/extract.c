#include "kernels/extract.h"

#include <errno.h>
#include <string.h>

#include "kernels/payload.h"

int extract_vmlinux(const struct content *bzimage, const struct image *image, const char *name, struct content *ret,
		    struct err *err)
{
	struct content unpacked = {0};
	struct image inner;
	struct err reason = {0};
	int status;

	*ret = (struct content){0};
	if (image->payload_bytes == 0)
		return 0;
	status = payload_unpack(bzimage->bytes + image->payload_offset, image->payload_bytes, name, &unpacked, &reason);
	if (status == -EOPNOTSUPP)
		return 0;
	if (status == 0 && vmlinux_parse(unpacked.bytes, unpacked.size, name, &inner, &reason) == 0) {
		if (strcmp(inner.release, image->release) != 0)
			status = err_set(&reason, EBADMSG,
					 "cannot unpack the kernel in %s: its header says %s, but it is %s", name,
					 image->release, inner.release);
		else if (inner.is_pvh)
			*ret = unpacked;
	}
	if (!ret->bytes)
		content_free(&unpacked);
	if (status < 0)
		*err = reason;
	return status;
}
