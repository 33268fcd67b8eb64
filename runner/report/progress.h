/* One line on stderr while cells run: how many have ended, what runs, how long it may still take. */
#ifndef ENOMEM_REPORT_PROGRESS_H
#define ENOMEM_REPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown; /* stderr is a terminal */
	unsigned cells;
	uint64_t started_ns;
	uint64_t drawn_ns; /* when the line was last drawn; 0: nothing stands there */
};

void progress_begin(struct progress *progress, unsigned cells);

/* Draw, at most ten times a second. */
void progress_draw(struct progress *progress, unsigned ended, unsigned running);

/* Take the line away, before something else is printed and at the end. */
void progress_clear(struct progress *progress);

#endif
