/*
 * Moves between guests that are no change of behaviour. Guests of the same shape do not have the same RAM:
 * each kernel counts it without itself; and a program of another build starts with another size. A refusal
 * that moved exactly as the model says for such sizes follows them. Elsewhere nothing follows: on other
 * machines sizes are part of what is compared.
 */
#ifndef ENOMEM_COMPARE_FOLLOW_H
#define ENOMEM_COMPARE_FOLLOW_H

#include "compare/pairing.h"
#include "plan/catalogue.h"

/* Judge a pair: fills its `follows` and `follows_facts`. Only -ENOMEM is an error. */
int follow_pair(const struct catalogue *catalogue, struct pair *pair, struct err *err);

/*
 * "RAM", "RAM and start size", "bands" for no fact: what a pair follows.
 */
void follow_text(uint64_t facts, char *buffer, size_t size);

#endif
