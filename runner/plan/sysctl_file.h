/*
 * Configurations in the format that people already have: sysctl.d(5), lines of `key = value`, with
 * # and ; comments, `-key` (errors do not matter) and slashes for dots.
 */
#ifndef ENOMEM_PLAN_SYSCTL_FILE_H
#define ENOMEM_PLAN_SYSCTL_FILE_H

#include <stddef.h>

#include "plan/configuration.h"

/*
 * Load one; the configuration is named after the file, without directory and ".conf". Keys that
 * are no sysctl knob (net.*, fs.*, ...) are counted in *ret_others and left alone. The last of
 * several lines for one key counts, as it does for sysctl; of vm.overcommit_ratio and
 * vm.overcommit_kbytes the later one, too. -EINVAL names the file, the line and the key.
 */
int sysctl_file_load(const char *path, struct configuration *ret, unsigned *ret_others, struct err *err);

/* The same from a text, for tests and fuzzers. */
int sysctl_file_parse(const char *text, size_t length, const char *name, struct configuration *ret,
		      unsigned *ret_others, struct err *err);

#endif
