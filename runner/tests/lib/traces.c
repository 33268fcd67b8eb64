#include "lib/traces.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "witness/parse.h"
#include "witness/table.h"

const char *const trace_kernels[TRACE_KERNELS] = {"5.10", "6.1", "6.12", "7.2"};

unsigned traces_load(const char *kernel, struct captured_trace *ret, unsigned most)
{
	struct captured_trace *now = NULL;
	unsigned count = 0;
	char path[512], *line = NULL;
	size_t size = 0;
	ssize_t length;
	FILE *file, *text = NULL;

	snprintf(path, sizeof(path), "%s/../traces/%s.txt", TEST_CELLS_DIR, kernel);
	file = fopen(path, "r");
	cr_assert(file != NULL, "%s", path);
	while ((length = getline(&line, &size, file)) > 0) {
		if (strncmp(line, "== ", 3) == 0) {
			if (text)
				fclose(text);
			cr_assert(count < most, "%s", path);
			now = &ret[count++];
			now->version = kernel_version_parse(kernel);
			cr_assert(sscanf(line, "== %15s %31s", now->call, now->check) == 2, "%s: %s", path, line);
			text = open_memstream(&now->text, &now->length);
			continue;
		}
		cr_assert(text && fwrite(line, 1, (size_t)length, text) == (size_t)length, "%s", path);
	}
	if (text)
		fclose(text);
	free(line);
	fclose(file);
	return count;
}

void trace_witness(const struct captured_trace *trace, struct witness *ret)
{
	const struct witness_site *sites[WITNESS_SITES_MOST];
	unsigned count = witness_sites(trace->version, trace->call, sites, WITNESS_SITES_MOST);
	struct trace_parser parser;

	memset(ret, 0, sizeof(*ret));
	for (unsigned i = 0; i < count && ret->probed_count < WITNESS_PROBED_MOST; i++) {
		if (sites[i]->function && !witness_probed(ret, sites[i]->function))
			strcpy(ret->probed[ret->probed_count++], sites[i]->function);
	}
	trace_parse_begin(&parser, ret);
	trace_parse(&parser, trace->text, trace->length);
	trace_parse_end(&parser);
}
