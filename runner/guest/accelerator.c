/* Whether KVM works here is found out by letting a guest speak under it. */
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "guest/guest.h"
#include "guest/initramfs.h"
#include "guest/qemu.h"
#include "support/wait.h"

/* A guest under KVM speaks within a second. */
#define PROBE_NS UINT64_C(6000000000)
#define SLICE_MS 50

static bool can_be_opened(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Whether its first record comes in time. */
static bool speaks(struct guest *guest)
{
	uint64_t deadline_ns = monotonic_ns() + PROBE_NS;
	int more = 1, status = 0;
	json_t *record;

	while (status == 0 && more > 0 && monotonic_ns() < deadline_ns) {
		struct pollfd news = {.fd = guest->output_fd, .events = POLLIN};

		poll(&news, 1, SLICE_MS);
		more = guest_read(guest);
		status = guest_next(guest, &record);
	}
	if (status != 1)
		return false;
	status = json_object_get(record, "hello") != NULL;
	json_decref(record);
	return status;
}

void qemu_probe(struct qemu *qemu, const struct kernel *kernel, const struct catalogue *catalogue)
{
	struct guest_shape shape = {.memory_bytes = UINT64_C(256) << 20, .cpus = 1, .numa_nodes = 1};
	struct initramfs *initramfs;
	struct guest guest = GUEST_NONE;
	struct err ignored = {0};
	int initramfs_fd;

	qemu->accelerator = ACCELERATOR_KVM;
	if (!can_be_opened() || initramfs_begin(catalogue, &initramfs, &ignored) < 0 ||
	    initramfs_finish(initramfs, &initramfs_fd, &ignored) < 0 ||
	    guest_start(qemu, kernel, &shape, initramfs_fd, &guest, &ignored) < 0 || !speaks(&guest))
		qemu->accelerator = ACCELERATOR_TCG;
	guest_end(&guest);
}
