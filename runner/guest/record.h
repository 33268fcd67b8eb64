/*
 * What a guest says: one JSON object a line, each with a checksum over the rest of its line, since a
 * channel of an emulated machine can lose bytes and a broken guest can write any:
 *
 *   {"crc32":"0badcafe","hello":{...}}             first: facts of the guest
 *   {"crc32":"...","begin":INDEX}                  a cell is begun
 *   {"crc32":"...","index":INDEX,"observation":{...},...}
 *   {"crc32":"...","problem":"cannot mount /proc: ..."}
 *   {"crc32":"...","end":true}                     last
 */
#ifndef ENOMEM_GUEST_RECORD_H
#define ENOMEM_GUEST_RECORD_H

#include <jansson.h>
#include <stddef.h>

/* A record is an observation and little else. */
#define GUEST_RECORD_BYTES_MOST (1024 * 1024)

/*
 * The line of a record, with its newline; *ret_length does not count the final NUL. Takes the
 * reference over. To be freed; NULL when there is no memory.
 */
char *guest_record_seal(json_t *record, size_t *ret_length);

/* Read one line without its newline: NULL when it is damaged or no object. A new reference. */
json_t *guest_record_open(const char *line, size_t length);

#endif
