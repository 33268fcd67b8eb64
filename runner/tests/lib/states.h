/* Small states and requests for tests of the model. */
#ifndef ENOMEM_TESTS_STATES_H
#define ENOMEM_TESTS_STATES_H

#include "model/apply.h"

/* A process of 100 maps, 1000 pages, 500 of data, on 6.12; nothing refuses anything. */
struct model_state free_state(void);

/* As request_parse(); a line that cannot be parsed fails the test. */
struct request request_of(const char *line);

/* Up to OPERATION_REQUESTS_MOST lines, divided by ";". */
struct operation operation_of(const char *lines);

/* What refuses the request: a check's name, or "-" when it is accepted. */
const char *refuser(struct model_state state, const char *line);

/* The errno of the check that refuses it, 0 when it is accepted. */
int refused_errno(struct model_state state, const char *line);

#endif
