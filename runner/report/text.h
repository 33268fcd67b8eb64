/* Results for people. */
#ifndef ENOMEM_REPORT_TEXT_H
#define ENOMEM_REPORT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "run/result.h"

/* Whether to colour what goes to this stream: a terminal, and NO_COLOR is not set. */
bool text_wants_colour(FILE *stream);

/* The machine and its settings that matter here; what isolation could not be had. */
void text_host(FILE *stream, const struct run_facts *run);

/* Column titles, then for each cell a row and, unless `brief`, its cause, proof and fix. */
/* What a guest is, above its first row. */
void text_guest(FILE *stream, const struct result *result);

void text_titles(FILE *stream);

/* The line above the rows of a configuration. */
void text_configuration(FILE *stream, const struct cell *cell, bool gap);
void text_result(FILE *stream, const struct result *result, bool brief, bool colour);

/* "5 cells: 5 EXACT, 0.61 s" */
void text_tally(FILE *stream, const struct tally *tally, uint64_t wall_ns);

/* A cell's prediction, for --dry-run. */
void text_prediction(FILE *stream, const struct result *result);

/* What the prediction says in words: "mmap no. 65502 refused with ENOMEM". */
void text_predicted_refusal(char *buffer, size_t size, const struct result *result);

#endif
