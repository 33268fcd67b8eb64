/* Programs of cells, opened so that the unprivileged user a cell runs as can execute them. */
#ifndef ENOMEM_ENVIRONMENT_PROGRAM_H
#define ENOMEM_ENVIRONMENT_PROGRAM_H

#include "plan/catalogue.h"

/*
 * Open `name` below the catalogue's directory for execveat(); *ret is the descriptor. A program
 * that others may not read and execute (built by root with umask 077) is copied into a memfd, since
 * who has dropped root could not execute it.
 */
int program_open(const struct catalogue *catalogue, const char *name, int *ret, struct err *err);

#endif
