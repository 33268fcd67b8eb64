/* Numbers and sizes as people write them. */
#ifndef ENOMEM_SUPPORT_NUMBER_H
#define ENOMEM_SUPPORT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole decimal number, nothing before or after it. 0, -EINVAL (no number) or -ERANGE. */
int number_parse(const char *text, uint64_t *ret);

/*
 * Bytes: a whole number with an optional K, M, G or T (powers of 1024); with a leading + it is
 * relative to something that the caller knows. 0, -EINVAL or -ERANGE.
 */
int number_parse_bytes(const char *text, uint64_t *ret_bytes, bool *ret_relative);

/* "512 bytes", "24.0 GiB": a readable form of bytes, into `buffer`, which is returned. */
const char *number_format_bytes(uint64_t bytes, char *buffer, size_t size);

#endif
