/* One cell's result: everything that is known of it when it has ended. */
#ifndef ENOMEM_RUN_RESULT_H
#define ENOMEM_RUN_RESULT_H

#include "cell/observation.h"
#include "cell/specify.h"
#include "environment/isolation.h"
#include "guest/shape.h"
#include "snapshot/topology.h"
#include "verdict/verdict.h"
#include "witness/witness.h"

/* What is the same for all cells of a stage; results point to it. */
struct run_facts {
	struct host_view host;
	struct topology topology;
	struct isolation isolation;
	struct guest_shape shape; /* of a guest */
	const char *accelerator;  /* "TCG" or "KVM"; NULL: these are facts of this host */
};

struct result {
	const struct run_facts *run;
	const struct cell *cell;
	unsigned index;             /* of the run in the plan */
	unsigned repeat;            /* 1, 2, ... */
	struct isolation isolation; /* of this cell: its configuration may ask for less than the run's */
	struct specification specification;
	struct observation observation;
	struct witness witness;
	struct verdict verdict;
	unsigned cpu;
	unsigned boots;   /* of a guest, that it took to get here; 0 on this kernel */
	uint64_t wall_ns; /* from start to end, isolation and proofs included */
	bool ended;
};

#endif
