#include "scenarios/lib/record.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

const char *record_call_name(uint32_t call)
{
	static const char *const names[CALL_COUNT] = {
		[CALL_NONE] = "none",         [CALL_MMAP] = "mmap",     [CALL_MUNMAP] = "munmap",
		[CALL_MPROTECT] = "mprotect", [CALL_MREMAP] = "mremap", [CALL_MADVISE] = "madvise",
		[CALL_BRK] = "brk",           [CALL_MLOCK] = "mlock",   [CALL_FORK] = "fork",
		[CALL_VFORK] = "vfork",       [CALL_MEMFD] = "memfd",
	};

	return call < CALL_COUNT ? names[call] : names[CALL_NONE];
}

const char *record_left_name(uint32_t left)
{
	static const char *const names[LEFT_COUNT] = {
		[LEFT_NOT_TRIED] = "", [LEFT_AS_IT_WAS] = "kept", [LEFT_A_HOLE] = "hole"};

	return left < LEFT_COUNT ? names[left] : names[LEFT_NOT_TRIED];
}

void record_set_state(struct record *record, enum record_state state)
{
	__atomic_store_n(&record->state, (uint32_t)state, __ATOMIC_RELEASE);
	syscall(SYS_futex, &record->state, FUTEX_WAKE, 1, NULL, NULL, 0);
}

enum record_state record_state(const struct record *record)
{
	return (enum record_state)__atomic_load_n(&record->state, __ATOMIC_ACQUIRE);
}

enum record_state record_wait(struct record *record, enum record_state while_state, uint64_t timeout_ns)
{
	struct timespec timeout = {
		.tv_sec = (time_t)(timeout_ns / 1000000000u),
		.tv_nsec = (long)(timeout_ns % 1000000000u),
	};
	enum record_state state = record_state(record);

	if (state != while_state)
		return state;
	syscall(SYS_futex, &record->state, FUTEX_WAIT, (uint32_t)while_state, timeout_ns ? &timeout : NULL, NULL, 0);
	return record_state(record);
}
