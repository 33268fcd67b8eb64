/*
 * The text of traces, captured from other kernels and made up: which returns belong to the call that was refused last.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/traces.h"
#include "witness/parse.h"

static struct witness witness;

static bool parse(const char *text)
{
	struct trace_parser parser;

	memset(&witness, 0xff, sizeof(witness));
	trace_parse_begin(&parser, &witness);
	trace_parse(&parser, text, strlen(text));
	return trace_parse_end(&parser);
}

/* A captured trace's chain as text: "may_expand_vm=false mmap_region=ENOMEM". */
static void expect_chain(const char *kernel, unsigned index, int error, const char *expected)
{
	static struct captured_trace traces[TRACES_MOST];
	unsigned count = traces_load(kernel, traces, TRACES_MOST);
	char text[512] = "";

	cr_assert(index < count);
	trace_witness(&traces[index], &witness);
	for (unsigned i = 0; i < witness.chain_count; i++)
		sprintf(text + strlen(text), "%s%s=%s", i ? " " : "", witness.chain[i].function,
			witness_value_text(&witness.chain[i]));
	cr_expect(eq(str, text, (char *)expected), "%s %u", kernel, index);
	cr_expect(eq(int, witness.error, error), "%s %u", kernel, index);
	for (unsigned i = 0; i < count; i++)
		free(traces[i].text);
}

Test(witness_parse, scenarios_of_5_10)
{
	expect_chain("5.10", 0, ENOMEM, "__vm_enough_memory=ENOMEM copy_process=ENOMEM");
	expect_chain("5.10", 1, ENOMEM, "do_mmap=ENOMEM");
	expect_chain("5.10", 2, ENOMEM, "split_vma=ENOMEM mprotect_fixup=ENOMEM");
	expect_chain("5.10", 3, ENOMEM, "__vm_enough_memory=ENOMEM mmap_region=ENOMEM do_mmap=ENOMEM");
	expect_chain("5.10", 4, ENOMEM, "mmap_region=ENOMEM do_mmap=ENOMEM");
}

Test(witness_parse, scenarios_of_7_2)
{
	expect_chain("7.2", 0, ENOMEM, "__vm_enough_memory=ENOMEM dup_mmap=ENOMEM copy_process=ENOMEM");
	expect_chain("7.2", 1, ENOMEM, "do_mmap=ENOMEM");
	expect_chain("7.2", 2, ENOMEM, "vma_modify=ENOMEM mprotect_fixup=ENOMEM");
	expect_chain("7.2", 3, ENOMEM, "__vm_enough_memory=ENOMEM mmap_region=ENOMEM do_mmap=ENOMEM");
	expect_chain("7.2", 4, ENOMEM, "may_expand_vm=false mmap_region=ENOMEM do_mmap=ENOMEM");
}

/* The stack begins with the caller, and without one the caller is still known. */
Test(witness_parse, stacks)
{
	expect_chain("7.2", 0, ENOMEM, "__vm_enough_memory=ENOMEM dup_mmap=ENOMEM copy_process=ENOMEM");
	cr_expect(eq(uint, witness.chain[0].frame_count, 6));
	cr_expect(eq(str, witness.chain[0].frames[0], "dup_mmap"));
	cr_expect(eq(str, witness.chain[0].frames[1], "copy_process"));
	cr_expect(eq(str, witness.chain[0].frames[5], "entry_SYSCALL_64_after_hwframe"));
	expect_chain("5.10", 3, ENOMEM, "__vm_enough_memory=ENOMEM mmap_region=ENOMEM do_mmap=ENOMEM");
	cr_expect(eq(uint, witness.chain[0].frame_count, 1));
	cr_expect(eq(str, witness.chain[0].frames[0], "mmap_region"));
}

Test(witness_parse, callers_stand_for_a_stack)
{
	const char *callers[WITNESS_FRAMES_MOST];

	expect_chain("5.10", 3, ENOMEM, "__vm_enough_memory=ENOMEM mmap_region=ENOMEM do_mmap=ENOMEM");
	cr_assert(eq(uint, witness_stack(&witness, 0, callers), 3));
	cr_expect(eq(str, (char *)callers[0], "mmap_region"));
	cr_expect(eq(str, (char *)callers[1], "do_mmap"));
	cr_expect(eq(str, (char *)callers[2], "vm_mmap_pgoff"));
}

#define OF "x-7 [000] ..... 1.0: "
#define DENIED OF "f: (g+0x1/0x2 <- f) errno=-12\n"

/* Calls that were refused before, or accepted after some function had said no, are not it. */
Test(witness_parse, the_last_refused_call_counts)
{
	cr_expect(parse(DENIED OF "sys_exit: NR 9 = -12\n" OF "do_mmap: (a+0x1/0x2 <- do_mmap) address=-11\n" OF
				  "sys_exit: NR 9 = -11\n" DENIED OF "sys_exit: NR 9 = 4096\n"));
	cr_expect(eq(uint, witness.chain_count, 1));
	cr_expect(eq(str, witness.chain[0].function, "do_mmap"));
	cr_expect(eq(int, witness.error, EAGAIN));
}

/* brk shows no errno: the last call in which a function said no. */
Test(witness_parse, a_call_that_shows_no_errno)
{
	cr_expect(parse(DENIED OF "sys_exit: NR 12 = 4096\n" OF "sys_exit: NR 228 = 0\n"));
	cr_expect(eq(uint, witness.chain_count, 1));
	cr_expect(eq(int, witness.error, 0));
}

/* Waiting for an order ends with errnos, too. */
Test(witness_parse, waiting_is_no_refusal)
{
	cr_expect(parse(DENIED OF "sys_exit: NR 9 = -12\n" OF "sys_exit: NR 202 = -11\n"));
	cr_expect(eq(int, witness.error, ENOMEM));
	cr_expect(not(parse(OF "sys_exit: NR 202 = -11\n")));
	cr_expect(eq(uint, witness.chain_count, 0));
}

Test(witness_parse, nothing_seen)
{
	cr_expect(not(parse("")));
	cr_expect(not(parse("# tracer: nop\n#\n")));
	cr_expect(not(parse(DENIED)), "the call has not returned");
	cr_expect(witness.chain_count == 0 && witness.error == 0);
}

Test(witness_parse, what_is_no_refusal_is_left_out)
{
	cr_expect(parse(OF "f: (g+0x1/0x2 <- f) errno=0\n" OF "f: (g+0x1/0x2 <- f) address=-4096\n" OF
			   "f: (g+0x1/0x2 <- f) false=1\n" OF "f: (g+0x1/0x2 <- f) true=0\n" OF
			   "f: (g+0x1/0x2 <- f) other=-12\n" OF "f: (g+0x1/0x2 <- f g) errno\n" OF
			   "sys_exit: NR 9 = -12"));
	cr_expect(eq(uint, witness.chain_count, 0));
	cr_expect(eq(int, witness.error, ENOMEM));
}

/* More returns, frames and longer names than fit are cut, not written past their place. */
Test(witness_parse, too_much)
{
	static char text[65536];

	for (int i = 0; i < 40; i++)
		strcat(text, DENIED);
	strcat(text, OF "<stack trace>\n");
	for (int i = 0; i < 40; i++)
		strcat(text, " => frame\n");
	strcat(text, OF "f: (g+0x1/0x2 <- a_name_of_fifty_characters_that_is_more_than_is_kept) errno=-12\n");
	strcat(text, OF "sys_exit: NR 9 = -12\n");
	cr_expect(parse(text));
	cr_expect(eq(uint, witness.chain_count, WITNESS_CHAIN_MOST));
	cr_expect(eq(uint, witness.chain[WITNESS_CHAIN_MOST - 1].frame_count, WITNESS_FRAMES_MOST));
}
