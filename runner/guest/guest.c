#include "guest/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/record.h"
#include "guest/swap_image.h"
#include "support/wait.h"

/* What it inherits stands here, above stdio. */
#define INITRAMFS_FD 10
#define CONSOLE_FD 11
#define SWAP_FD 12
#define FREE_FD 20

#define REAP_MS 10000

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* `fds[i]` becomes `numbers[i]`; first out of the way, so that none overwrites another. */
static int place(const int *fds, const int *numbers, size_t count)
{
	int copies[8];

	for (size_t i = 0; i < count; i++)
		copies[i] = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD_CLOEXEC, FREE_FD);
	for (size_t i = 0; i < count; i++) {
		if (fds[i] >= 0 && (copies[i] < 0 || dup2(copies[i], numbers[i]) == -1))
			return -errno;
	}
	return 0;
}

/* In the child. Its exit status tells what failed, since nobody reads it otherwise. */
static _Noreturn void become_qemu(const struct guest *guest, int initramfs_fd, int output_fd, pid_t runner,
				  struct qemu_command *command)
{
	static char *environment[] = {"PATH=/usr/bin:/bin", NULL};
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int fds[] = {null_fd, output_fd, guest->errors_fd, initramfs_fd, guest->console_fd, guest->swap_fd};
	const int numbers[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, INITRAMFS_FD, CONSOLE_FD, SWAP_FD};

	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0); /* Ctrl-C is for the runner, which ends its guests itself */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != runner ||
	    place(fds, numbers, sizeof(fds) / sizeof(*fds)) < 0)
		_exit(126);
	execve(command->words[0], command->words, environment);
	_exit(127);
}

static int make_files(const struct guest_shape *shape, struct guest *guest, struct err *err)
{
	guest->console_fd = memfd_create("enomem-console", MFD_CLOEXEC);
	guest->errors_fd = memfd_create("enomem-qemu-errors", MFD_CLOEXEC);
	if (guest->console_fd == -1 || guest->errors_fd == -1)
		return err_set_errno(err, errno, "cannot make a guest's console");
	return shape->swap_bytes ? swap_image_make(shape->swap_bytes, &guest->swap_fd, err) : 0;
}

static int start(struct qemu_command *command, int initramfs_fd, struct guest *guest, struct err *err)
{
	pid_t runner = getpid();
	int output[2];

	if (pipe2(output, O_CLOEXEC) == -1)
		return err_set_errno(err, errno, "cannot make a pipe for a guest");
	guest->pid = fork();
	if (guest->pid == 0)
		become_qemu(guest, initramfs_fd, output[1], runner, command);
	close(output[1]);
	guest->output_fd = output[0];
	if (guest->pid == -1) {
		guest->pid = 0;
		return err_set_errno(err, errno, "cannot start QEMU");
	}
	guest->pid_fd = pidfd_open(guest->pid, 0);
	fcntl(guest->output_fd, F_SETFL, O_NONBLOCK);
	return 0;
}

int guest_start(const struct qemu *qemu, const struct kernel *kernel, const struct guest_shape *shape, int initramfs_fd,
		struct guest *ret, struct err *err)
{
	struct guest_files files = {.initramfs_fd = INITRAMFS_FD, .console_fd = CONSOLE_FD, .swap_fd = -1};
	struct qemu_command command;
	int status;

	*ret = (struct guest)GUEST_NONE;
	status = make_files(shape, ret, err);
	files.swap_fd = ret->swap_fd < 0 ? -1 : SWAP_FD;
	if (status == 0)
		status = qemu_command_make(qemu, kernel, shape, &files, &command, err);
	if (status == 0)
		status = start(&command, initramfs_fd, ret, err);
	close(initramfs_fd);
	if (status < 0)
		guest_end(ret);
	return status;
}

int guest_read(struct guest *guest)
{
	ssize_t got;

	if (guest->size - guest->length < 4096) {
		size_t size = guest->size ? guest->size * 2 : 65536;
		char *text = size > 2 * GUEST_RECORD_BYTES_MOST ? NULL : realloc(guest->text, size);

		if (!text)
			return size > 2 * GUEST_RECORD_BYTES_MOST ? -EFBIG : -ENOMEM;
		guest->text = text;
		guest->size = size;
	}
	got = read(guest->output_fd, guest->text + guest->length, guest->size - guest->length);
	if (got == -1)
		return errno == EINTR || errno == EAGAIN ? 1 : -errno;
	guest->length += (size_t)got;
	return got > 0;
}

int guest_next(struct guest *guest, json_t **ret)
{
	char *end = guest->length ? memchr(guest->text, '\n', guest->length) : NULL;
	size_t length = end ? (size_t)(end - guest->text) : 0;

	if (!end)
		return 0;
	*ret = guest_record_open(guest->text, length);
	guest->length -= length + 1;
	memmove(guest->text, end + 1, guest->length);
	return *ret ? 1 : -EBADMSG;
}

void guest_kill(struct guest *guest, int *ret_status)
{
	*ret_status = 0;
	if (guest->pid <= 0)
		return;
	if (wait_child(guest->pid, 0, ret_status) < 0) {
		kill(guest->pid, SIGKILL);
		wait_child(guest->pid, REAP_MS, ret_status);
	}
	guest->pid = 0;
}

void guest_end(struct guest *guest)
{
	int ignored;

	guest_kill(guest, &ignored);
	close_fd(&guest->pid_fd);
	close_fd(&guest->output_fd);
	close_fd(&guest->console_fd);
	close_fd(&guest->errors_fd);
	close_fd(&guest->swap_fd);
	free(guest->text);
	*guest = (struct guest)GUEST_NONE;
}
