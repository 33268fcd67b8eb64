/* Lines of a readable length. */
#ifndef ENOMEM_REPORT_WRAP_H
#define ENOMEM_REPORT_WRAP_H

#include <stdio.h>

#define WRAP_WIDTH 112

/* Print a text broken at spaces, with `first` before its first line and `next` before the others. */
void wrap_print(FILE *stream, const char *first, const char *next, const char *text);

#endif
