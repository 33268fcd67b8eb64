/* What the `vm` environment has ready: QEMU, and the kernels of the plan. */
#ifndef ENOMEM_ENVIRONMENT_VM_H
#define ENOMEM_ENVIRONMENT_VM_H

#include "guest/qemu.h"
#include "plan/plan.h"
#include "run/result.h"

struct vm_facts {
	struct run_facts facts;
	struct vm_facts *next;
};

struct vm {
	struct qemu qemu;
	struct kernel kernels[ENVIRONMENTS_MOST];
	unsigned kernel_count;
	struct vm_facts *facts; /* of its guests; results point into them */
};

/*
 * Find QEMU and every kernel that the plan names, and probe the accelerator: nothing is begun when one is
 * missing. Errors as of qemu_find() and kernel_find().
 */
int vm_prepare(struct vm *vm, const struct plan *plan, const struct catalogue *catalogue, struct err *err);

/* Empty facts for one more guest, which live as long as `vm`; NULL when there is no memory. */
struct run_facts *vm_new_facts(struct vm *vm);

/* By the name that a cell has; NULL when it was not prepared. */
const struct kernel *vm_kernel(const struct vm *vm, const char *name);

#endif
