/*
 * Texts of /proc/PID/maps and smaps. The first byte says how long the pieces are in which the
 * text arrives: they must not matter.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/areas.h"
#include "snapshot/snapshot.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;

	const char *text = (const char *)data + 1;
	size_t length = size - 1, piece = (size_t)data[0] + 1;
	struct maps_counter whole = {0}, pieces = {0};
	struct areas areas, areas_of_pieces;
	struct areas_scan scan;

	maps_counter_add(&whole, text, length);
	areas_parse(text, length, 4096, 65536, &areas);
	areas_scan_start(&scan, 4096, 65536);
	for (size_t at = 0; at < length; at += piece) {
		size_t part = length - at < piece ? length - at : piece;

		maps_counter_add(&pieces, text + at, part);
		areas_scan_add(&scan, text + at, part);
	}
	areas_scan_end(&scan, &areas_of_pieces);
	must(maps_counter_value(&whole) == maps_counter_value(&pieces));
	must(areas.known == areas_of_pieces.known);
	must(areas.accounted_pages == areas_of_pieces.accounted_pages);
	must(areas.largest_accounted_pages == areas_of_pieces.largest_accounted_pages);
	must(areas.largest_gap_pages == areas_of_pieces.largest_gap_pages);
	must(!areas.known || areas.largest_accounted_pages <= areas.accounted_pages);
	must(!areas.known || areas.largest_gap_pages < (UINT64_C(1) << 52));
	areas_parse(text, length, data[0], UINT64_MAX - data[0], &areas);
	return 0;
}
