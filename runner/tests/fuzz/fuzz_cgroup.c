/* /proc/PID/cgroup, a NUL, and /proc/PID/mountinfo; the whole is tried as a limit file too. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/cgroup.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void climb(struct cgroup_place *place)
{
	size_t steps = 0;

	if (!place->mounted)
		return;
	must(place->member && place->path[0] == '/');
	must(memchr(place->path, '\0', sizeof(place->path)) != NULL);
	must(memchr(place->directory, '\0', sizeof(place->directory)) != NULL);
	do {
		must(place->path[0] == '/');
		must(strlen(place->directory) >= place->mount_length);
		must(!strstr(place->directory, "/../"));
	} while (cgroup_up(place) && ++steps < CGROUP_PATH_BYTES);
	must(strlen(place->directory) == place->mount_length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cgroup_places places;
	char *text = malloc(size + 1);
	uint64_t value;

	if (!text)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';

	size_t first = strlen(text), second = first < size ? first + 1 : size;

	cgroup_parse(text, first, text + second, size - second, &places);
	for (int tree = 0; tree < CGROUP_TREES; tree++)
		climb(&places.tree[tree]);
	cgroup_parse_limit(text, 1, &value);
	cgroup_parse_limit(text, 2, &value);
	free(text);
	return 0;
}
