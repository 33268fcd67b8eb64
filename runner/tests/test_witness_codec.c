/*
 * A witness as JSON, there and back, and hostile; the lines by which an agent asks; names of probes.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell/raise.h"
#include "lib/traces.h"
#include "witness/trace.h"

Test(witness_codec, captured_ones_come_back)
{
	static struct captured_trace traces[TRACES_MOST];
	static struct witness sent, got;
	unsigned count = traces_load("6.12", traces, TRACES_MOST);

	for (unsigned i = 0; i < count; i++) {
		struct err err = {0};
		json_t *first, *second;

		trace_witness(&traces[i], &sent);
		first = witness_to_json(&sent);
		memset(&got, 0xff, sizeof(got));
		cr_assert(eq(int, witness_from_json(first, &got, &err), 0), "%s", err.text);
		second = witness_to_json(&got);
		cr_expect(json_equal(first, second));
		cr_expect(eq(uint, got.chain_count, sent.chain_count));
		json_decref(first);
		json_decref(second);
		free(traces[i].text);
	}
}

#define CHAIN(entry) "{\"problem\": \"\", \"errno\": 12, \"probed\": [], \"chain\": [" entry "]}"
#define RETURN(name, kind, value) \
	CHAIN("{\"function\": \"" name "\", \"kind\": \"" kind "\", \"value\": " value ", \"stack\": []}")

static int read_text(const char *text, struct err *err)
{
	static struct witness witness;
	json_t *json = json_loads(text, 0, NULL);
	int status;

	cr_assert(json != NULL, "%s", text);
	status = witness_from_json(json, &witness, err);
	json_decref(json);
	return status;
}

Test(witness_codec, hostile)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"{\"problem\": \"\", \"errno\": -1, \"probed\": [], \"chain\": []}",
		"{\"problem\": \"\", \"errno\": 5000, \"probed\": [], \"chain\": []}",
		"{\"problem\": \"\", \"errno\": 12, \"probed\": [], \"chain\": {}}",
		"{\"problem\": \"\", \"errno\": 12, \"probed\": [7], \"chain\": []}",
		"{\"problem\": \"\", \"errno\": 12, \"chain\": []}",
		CHAIN("1,2,3,4,5,6,7,8,9"),
		RETURN("", "errno", "-12"),
		RETURN("a\\u001b[31m", "errno", "-12"),
		RETURN("a_name_of_fifty_characters_that_is_more_than_is_kept", "errno", "-12"),
		RETURN("f", "nothing", "-12"),
		RETURN("f", "errno", "12"),
		RETURN("f", "errno", "-4096"),
		RETURN("f", "false", "1"),
		RETURN("f", "true", "0"),
		RETURN("f", "errno", "\"-12\""),
	};
	struct err err = {0};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		cr_expect(eq(int, read_text(texts[i], &err), -EINVAL), "%s", texts[i]);
		cr_expect(strncmp(err.text, "cannot read witness: bad ", 25) == 0, "%s", err.text);
	}
	cr_expect(eq(int, read_text(RETURN("may_expand_vm.part.0", "false", "0"), &err), 0));
}

Test(witness_codec, requests_for_a_trace)
{
	char line[RAISE_BYTES], call[TRACE_CALL_BYTES];
	unsigned index;
	int number;

	cr_expect(trace_ask(line, "mprotect") == strlen(line) && trace_read_ask(line, call));
	cr_expect(eq(str, call, "mprotect"));
	cr_expect(not(raise_read_ask(line, &index)));
	cr_expect(trace_ask(line, NULL) == strlen(line) && trace_read_ask(line, call));
	cr_expect(eq(str, call, ""));
	cr_expect(trace_answer(line, EPERM) == strlen(line) && trace_read_answer(line, &number) && number == EPERM);
	cr_expect(not(raise_read_answer(line, &number)));
	raise_ask(line, 3);
	cr_expect(not(trace_read_ask(line, call)));
}

Test(witness_codec, what_is_no_request)
{
	static const char *const lines[] = {
		"",
		"{\"trace\": \"begin\"}\n",
		"{\"trace\": \"begin\", \"call\": \"\"}\n",
		"{\"trace\": \"begin\", \"call\": \"mmap\"}",
		"{\"trace\": \"begin\", \"call\": \"mm ap\"}\n",
		"{\"trace\": \"begin\", \"call\": \"abcdefghijklmnop\"}\n",
		"{\"trace\": \"end\"}",
		"{\"trace\": \"end\"} \n",
	};
	char call[TRACE_CALL_BYTES];

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		cr_expect(not(trace_read_ask(lines[i], call)), "%s", lines[i]);
}

/* Of kprobe_events only what has our group's name and a pid is ours to remove. */
Test(witness_codec, probes_that_are_ours)
{
	char event[64];
	pid_t pid;

	cr_expect(trace_is_ours("r10:enomem_298/do_mmap do_mmap address=$retval:s64", event, sizeof(event), &pid));
	cr_expect(eq(str, event, "enomem_298/do_mmap"));
	cr_expect(eq(int, pid, 298));
	cr_expect(not(trace_is_ours("r:enomem/do_mmap do_mmap", event, sizeof(event), &pid)));
	cr_expect(not(trace_is_ours("r:enomem_/do_mmap do_mmap", event, sizeof(event), &pid)));
	cr_expect(not(trace_is_ours("r:enomem_-1/do_mmap do_mmap", event, sizeof(event), &pid)));
	cr_expect(not(trace_is_ours("r:enomem_7x/do_mmap do_mmap", event, sizeof(event), &pid)));
	cr_expect(not(trace_is_ours("r:enomem_7 do_mmap", event, sizeof(event), &pid)));
	cr_expect(not(trace_is_ours("p:other/enomem_7 do_mmap", event, sizeof(event), &pid)));
	cr_expect(not(trace_is_ours("", event, sizeof(event), &pid)));
	cr_expect(not(trace_is_ours("r:enomem_7/do_mmap x", event, 12, &pid)));
}
