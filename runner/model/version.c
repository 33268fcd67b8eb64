#include "model/version.h"

#include <stdlib.h>

kernel_version kernel_version_parse(const char *release)
{
	char *end;
	long major = strtol(release, &end, 10);
	long minor;

	if (end == release || *end != '.' || major < 1 || major > 900)
		return 0;
	release = end + 1;
	minor = strtol(release, &end, 10);
	if (end == release || minor < 0 || minor > 999)
		return 0;
	return KERNEL((int)major, (int)minor);
}
