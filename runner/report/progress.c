#include "report/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "support/wait.h"

#define REDRAW_NS UINT64_C(100000000)

void progress_begin(struct progress *progress, unsigned cells)
{
	*progress = (struct progress){.shown = isatty(STDERR_FILENO), .cells = cells, .started_ns = monotonic_ns()};
}

void progress_draw(struct progress *progress, unsigned ended, unsigned running)
{
	uint64_t now = monotonic_ns();
	double elapsed = (double)(now - progress->started_ns) / 1e9;

	if (!progress->shown || now - progress->drawn_ns < REDRAW_NS)
		return;
	progress->drawn_ns = now;
	fprintf(stderr, "\r\033[K%u of %u cells ended, %u running, %.1f s", ended, progress->cells, running, elapsed);
	if (ended)
		fprintf(stderr, ", about %.1f s left", elapsed / ended * (progress->cells - ended));
}

void progress_clear(struct progress *progress)
{
	if (progress->shown && progress->drawn_ns)
		fputs("\r\033[K", stderr);
	progress->drawn_ns = 0;
}
