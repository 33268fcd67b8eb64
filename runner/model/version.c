#include "model/version.h"

#include <ctype.h>
#include <stdlib.h>

kernel_version kernel_version_parse(const char *release)
{
	char *end;
	long major, minor;

	if (!isdigit((unsigned char)*release))
		return 0;
	major = strtol(release, &end, 10);

	if (*end != '.' || major < 1 || major > 900 || !isdigit((unsigned char)end[1]))
		return 0;
	release = end + 1;
	minor = strtol(release, &end, 10);
	if (minor < 0 || minor > 999)
		return 0;
	return KERNEL((int)major, (int)minor);
}
