/* What a guest is, for people. */
#include "report/text.h"
#include "support/number.h"

void text_guest(FILE *stream, const struct result *result)
{
	const struct run_facts *run = result->run;
	const struct machine_snapshot *machine = &run->host.snapshot.machine;
	char label[ENVIRONMENT_LABEL_BYTES], memory[32], swap[32];

	fprintf(stream, "\n%s: Linux %s", cell_environment(result->cell, label, sizeof(label)), run->host.facts.kernel);
	if (machine->mem_total_kib)
		fprintf(stream, ", %u CPU%s, %s RAM, %s swap", run->topology.processing_units,
			run->topology.processing_units == 1 ? "" : "s",
			number_format_bytes(machine->mem_total_kib * 1024, memory, sizeof(memory)),
			machine->swap_total_kib
				? number_format_bytes(machine->swap_total_kib * 1024, swap, sizeof(swap))
				: "no");
	fprintf(stream, " (QEMU, %s)\n", run->accelerator);
	if (run->isolation.missing[0])
		fprintf(stream, "    isolation not obtained: %s. What is measured is not touched by that.\n",
			run->isolation.missing);
}
