/* The guest's way out to its runner: x86 ports of QEMU's devices, which need no driver on any kernel. */
#ifndef ENOMEM_AGENT_GUEST_PORT_X86_H
#define ENOMEM_AGENT_GUEST_PORT_X86_H

#include <stddef.h>

/* Get the right to use the ports: iopl(), as root. 0 or a negative errno. */
int port_open(void);

/* Write to the debug console (isa-debugcon, port 0xe9). */
void port_write(const char *text, size_t length);

/* End the machine (isa-debug-exit, port 0x501): QEMU exits with (code << 1) | 1. Does not return. */
_Noreturn void port_exit(unsigned code);

#endif
