/*
 * The record page: the only thing a scenario and its agent share.
 *
 * One page of a memfd, mapped by both before the scenario makes its first request. The scenario
 * reports by storing into it, since at the limit malloc, stdio and page faults fail; what it
 * stored survives its SIGKILL. All fields have a fixed width and place, so that an agent and a
 * scenario built by different compilers (or for different word sizes) understand each other.
 *
 * `state` is the word both sides wait on with a futex:
 *
 *   EMPTY -> READY -> RUNNING -> REFUSED -> RUNNING (again, after an order) -> ...
 *                             -> DONE    (at_most reached: nothing was refused)
 *            FAILED           (the scenario could not prepare)
 *
 * The scenario moves it to READY, REFUSED, DONE and FAILED, the agent to RUNNING.
 */
#ifndef ENOMEM_SCENARIOS_RECORD_H
#define ENOMEM_SCENARIOS_RECORD_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_MAGIC 0x4d4f4e45u /* "ENOM" */
#define RECORD_BYTES 4096
#define RECORD_FD 3 /* where a scenario finds the memfd */

/* What a scenario exits with when it dies before READY for a reason of its own. */
#define RECORD_EXIT_USAGE 120
#define RECORD_EXIT_ATTACH 121
#define RECORD_EXIT_GROUP 122 /* could not enter its cgroup */
#define RECORD_EXIT_LIMIT 123 /* could not set a limit before the start */

enum record_state {
	RECORD_EMPTY,
	RECORD_READY,
	RECORD_RUNNING,
	RECORD_REFUSED,
	RECORD_DONE,
	RECORD_FAILED,
};

/* The calls whose refusal a scenario reports; record_call_name() gives the word. */
enum record_call {
	CALL_NONE,
	CALL_MMAP,
	CALL_MUNMAP,
	CALL_MPROTECT,
	CALL_MREMAP,
	CALL_MADVISE,
	CALL_BRK,
	CALL_MLOCK,
	CALL_FORK,
	CALL_VFORK,
	CALL_MEMFD,
	CALL_COUNT,
};

/* What a refused call left of the mapping that it was to replace. */
enum record_left {
	LEFT_NOT_TRIED,
	LEFT_AS_IT_WAS,
	LEFT_A_HOLE,
	LEFT_COUNT,
};

struct record {
	uint32_t magic;
	uint32_t state;      /* enum record_state, the futex word */
	uint64_t page_bytes; /* as the scenario sees it */
	uint64_t at_most;    /* operations or pages after which to stop; the scenario may lower it */

	/* What to keep in reserve for reliefs; set by the agent, cut by the scenario to what it got. */
	uint64_t reserve_maps;
	uint64_t reserve_pages;
	uint64_t reserve_commit_pages;

	/* The standing refusal. */
	uint64_t accepted;     /* operations (count) or pages (size) that the kernel allowed */
	uint32_t call;         /* enum record_call */
	uint32_t kernel_errno; /* what the system call returned */
	uint32_t api_errno;    /* what the C library's function shows for it */
	uint32_t padding;
	uint64_t refused_pages; /* length of the refused call */
	uint64_t refused_address;
	uint64_t started_ns; /* CLOCK_MONOTONIC around the loop that was refused */
	uint64_t refused_ns;

	/* The agent's order for going on after a refusal: what to give back first. */
	uint64_t give_maps;
	uint64_t give_pages;
	uint64_t give_commit_pages;
	uint32_t exempt;       /* 1: make the same requests without accounting */
	uint32_t relief_errno; /* 0, or why an order could not be carried out */

	/* Whether the scenario's fix worked from where the request was refused. */
	uint32_t fix_tried;
	uint32_t fix_errno;

	/* 1: committed pages are given back without unmapping them (kernels from 6.5 on). */
	uint32_t commit_keeps_pages;

	uint32_t left; /* enum record_left, of the standing refusal */
};

static_assert(sizeof(struct record) <= RECORD_BYTES, "the record is one page");
static_assert(offsetof(struct record, state) == 4, "record layout");
static_assert(offsetof(struct record, at_most) == 16, "record layout");
static_assert(offsetof(struct record, accepted) == 48, "record layout");
static_assert(offsetof(struct record, refused_pages) == 72, "record layout");
static_assert(offsetof(struct record, give_maps) == 104, "record layout");
static_assert(offsetof(struct record, fix_errno) == 140, "record layout");
static_assert(offsetof(struct record, left) == 148, "record layout");

/* "mmap" for CALL_MMAP and so on; "none" for CALL_NONE and for a number that is no call. */
const char *record_call_name(uint32_t call);

/* "kept" for LEFT_AS_IT_WAS, "hole" for LEFT_A_HOLE, "" for LEFT_NOT_TRIED and for a number that is none. */
const char *record_left_name(uint32_t left);

/* Store a new state (release) and wake the other side. */
void record_set_state(struct record *record, enum record_state state);

/* The state now (acquire). */
enum record_state record_state(const struct record *record);

/*
 * Sleep until the state is no longer `while_state`, or for `timeout_ns` (0: for ever).
 * Returns the state seen last. Signals may end the wait early.
 */
enum record_state record_wait(struct record *record, enum record_state while_state, uint64_t timeout_ns);

#endif
