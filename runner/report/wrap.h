/* Lines of a readable length. */
#ifndef ENOMEM_REPORT_WRAP_H
#define ENOMEM_REPORT_WRAP_H

#include <stdio.h>

/*
 * Print a text broken at spaces, with `first` before its first line and `next` before the others:
 * to the width of the terminal, within reason, and elsewhere to 112 columns.
 */
void wrap_print(FILE *stream, const char *first, const char *next, const char *text);

#endif
