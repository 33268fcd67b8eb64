#include "agent/guest/port_x86.h"

#include <errno.h>
#include <sys/io.h>
#include <unistd.h>

#define DEBUG_CONSOLE 0xe9
#define DEBUG_EXIT 0x501

int port_open(void)
{
	return iopl(3) == -1 ? -errno : 0;
}

void port_write(const char *text, size_t length)
{
	/* Not outsb() of sys/io.h: it does not tell the compiler that memory is read. */
	__asm__ volatile("rep outsb" : "+S"(text), "+c"(length) : "d"(DEBUG_CONSOLE) : "memory");
}

_Noreturn void port_exit(unsigned code)
{
	outb((unsigned char)code, DEBUG_EXIT);
	/* Without the device there is nobody to tell: the runner's deadline ends the guest. */
	for (;;)
		pause();
}
