/* What an explanation says, in words. Pure. */
#ifndef ENOMEM_COMPARE_SENTENCE_H
#define ENOMEM_COMPARE_SENTENCE_H

#include "compare/explain.h"

/*
 * "explained by vm.max_map_count 65530 -> 262144 (predicted 65508 -> 262240)", "NOT explained: the
 * model predicts no change". The explanation must be of a model that was asked.
 */
void explain_sentence(const struct pair *pair, const struct explanation *explanation, char *buffer, size_t size);

/* "65508", "3005156..3029258", "no refusal". */
void predicted_text(const struct predicted *predicted, char *buffer, size_t size);

#endif
