/* What `enomem kernels` consists of: each takes its own name as argv[0] and returns an exit status. */
#ifndef ENOMEM_CMD_KERNELS_H
#define ENOMEM_CMD_KERNELS_H

int kernels_list(int argc, char *argv[]);
int kernels_fetch(int argc, char *argv[]);
int kernels_show(int argc, char *argv[]);
int kernels_verify(int argc, char *argv[]);

#endif
