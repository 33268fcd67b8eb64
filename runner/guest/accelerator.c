/* Whether KVM works here is found out by letting a guest speak under it, once for each boot of this machine. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/guest.h"
#include "guest/initramfs.h"
#include "guest/qemu.h"
#include "kernels/cache.h"
#include "support/file.h"
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

static enum accelerator try_kvm(const struct qemu *qemu, const struct kernel *kernel, const struct catalogue *catalogue)
{
	struct guest_shape shape = {.memory_bytes = UINT64_C(256) << 20, .cpus = 1, .numa_nodes = 1};
	struct qemu with_kvm = *qemu;
	struct initramfs *initramfs;
	struct guest guest = GUEST_NONE;
	struct err ignored = {0};
	enum accelerator works = ACCELERATOR_TCG;
	int initramfs_fd;

	with_kvm.accelerator = ACCELERATOR_KVM;
	if (initramfs_begin(catalogue, &initramfs, &ignored) == 0 &&
	    initramfs_finish(initramfs, &initramfs_fd, &ignored) == 0 &&
	    guest_start(&with_kvm, kernel, &shape, initramfs_fd, &guest, &ignored) == 0 && speaks(&guest))
		works = ACCELERATOR_KVM;
	guest_end(&guest);
	return works;
}

/* What is remembered is of this boot of the machine and this QEMU: "BOOT-ID PATH " and the accelerator's word. */
static void name_this(const struct qemu *qemu, char *ret, size_t size)
{
	char boot_id[64] = "";
	struct err ignored = {0};
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	file_read_at(root_fd, "proc/sys/kernel/random/boot_id", boot_id, sizeof(boot_id), NULL, &ignored);
	if (root_fd >= 0)
		close(root_fd);
	snprintf(ret, size, "%.*s %s ", (int)strcspn(boot_id, "\n"), boot_id, qemu->path);
}

static int open_memory(int flags)
{
	char cache[PATH_MAX], path[PATH_MAX];
	struct err ignored = {0};

	if (cache_find(cache, &ignored) < 0 || cache_make_directory(cache, &ignored) < 0 ||
	    cache_path(path, cache, "accelerator", &ignored) < 0)
		return -ENOENT;
	return open(path, flags | O_CLOEXEC, 0644);
}

static bool remembers(const char *name, enum accelerator *ret)
{
	char text[PATH_MAX + 128];
	int fd = open_memory(O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	if (strncmp(text, name, strlen(name)) != 0)
		return false;
	*ret = strcmp(text + strlen(name), accelerator_word(ACCELERATOR_KVM)) == 0 ? ACCELERATOR_KVM : ACCELERATOR_TCG;
	return true;
}

/* Where it cannot be written, it is found out again the next time. */
static void remember(const char *name, enum accelerator accelerator)
{
	int fd = open_memory(O_WRONLY | O_CREAT | O_TRUNC);

	if (fd < 0)
		return;
	dprintf(fd, "%s%s", name, accelerator_word(accelerator));
	close(fd);
}

void qemu_probe(struct qemu *qemu, const struct kernel *kernel, const struct catalogue *catalogue)
{
	char name[PATH_MAX + 64];

	qemu->accelerator = ACCELERATOR_TCG;
	if (!can_be_opened())
		return;
	name_this(qemu, name, sizeof(name));
	if (remembers(name, &qemu->accelerator))
		return;
	qemu->accelerator = try_kvm(qemu, kernel, catalogue);
	remember(name, qemu->accelerator);
}
