#include "snapshot/host.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "snapshot/cgroup.h"
#include "snapshot/snapshot.h"
#include "snapshot/text.h"
#include "support/file.h"

static int read_kernel(int root_fd, struct host_facts *ret, struct err *err)
{
	int status = file_read_at(root_fd, "proc/sys/kernel/osrelease", ret->kernel, sizeof(ret->kernel), NULL, err);

	if (status == -ENOENT)
		return err_advise(err, "/proc must be mounted: mount -t proc proc /proc");
	if (status < 0)
		return status;
	ret->kernel[strcspn(ret->kernel, "\n")] = '\0';
	return 0;
}

/* os-release is a shell fragment: a value may stand in quotes, with backslashes before special characters. */
static void copy_shell_value(struct text value, char *ret, size_t size)
{
	char quote = '\0';
	size_t length = 0;

	if (value.left > 0 && (value.at[0] == '"' || value.at[0] == '\''))
		quote = value.at[0];
	for (size_t at = quote ? 1 : 0; at < value.left && length < size - 1; at++) {
		if (quote && value.at[at] == quote)
			break;
		if (quote != '\'' && value.at[at] == '\\' && ++at == value.left)
			break;
		ret[length++] = value.at[at];
	}
	ret[length] = '\0';
}

static bool read_distribution(int root_fd, const char *path, char *ret, size_t size)
{
	char text[8 * 1024];
	size_t length;
	struct err ignored;
	struct text line;

	if (file_read_at(root_fd, path, text, sizeof(text), &length, &ignored) < 0)
		return false;

	struct text rest = {text, length};

	while (text_line(&rest, &line)) {
		if (text_prefix(&line, "PRETTY_NAME="))
			copy_shell_value(line, ret, size);
	}
	return true;
}

static bool add_range(uint64_t first, uint64_t last, uint64_t *next, uint64_t *count)
{
	if (first < *next || last < first || last >= UNKNOWN)
		return false;
	*next = last + 1;
	*count += last - first + 1;
	return true;
}

uint64_t host_parse_cpu_list(const char *text)
{
	struct text rest = {text, strcspn(text, "\n")};
	uint64_t next = 0, count = 0;

	do {
		uint64_t first, last;

		if (!text_decimal(&rest, &first))
			return 0;
		last = first;
		if (text_prefix(&rest, "-") && !text_decimal(&rest, &last))
			return 0;
		if (!add_range(first, last, &next, &count))
			return 0;
	} while (text_prefix(&rest, ","));
	return rest.left == 0 ? count : 0;
}

static uint64_t read_cpus(int root_fd)
{
	char text[4096];
	struct err ignored;
	uint64_t count = 0;

	if (file_read_at(root_fd, "sys/devices/system/cpu/present", text, sizeof(text), NULL, &ignored) == 0)
		count = host_parse_cpu_list(text);
	return count > 0 ? count : UNKNOWN;
}

static void ask_live(struct host_facts *ret)
{
	struct utsname name;

	ret->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	/* Without /sys: configured CPUs are what the C library finds elsewhere. */
	if (ret->cpus_present == UNKNOWN)
		ret->cpus_present = (uint64_t)sysconf(_SC_NPROCESSORS_CONF);
	if (uname(&name) == 0)
		snprintf(ret->machine, sizeof(ret->machine), "%.*s", (int)sizeof(ret->machine) - 1, name.machine);
}

int host_read(int root_fd, const char *self, bool live, struct host_facts *ret, struct err *err)
{
	memset(ret, 0, sizeof(*ret));

	int status = read_kernel(root_fd, ret, err);

	if (status < 0)
		return status;
	if (!read_distribution(root_fd, "etc/os-release", ret->distribution, sizeof(ret->distribution)))
		read_distribution(root_fd, "usr/lib/os-release", ret->distribution, sizeof(ret->distribution));
	ret->cpus_present = read_cpus(root_fd);
	if (live)
		ask_live(ret);
	cgroup_read(root_fd, self, ret);
	return 0;
}
