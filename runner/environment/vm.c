/* The `vm` environment: disposable guests with other kernels. Needs no privilege and changes nothing here. */
#include "environment/vm.h"

#include <stdlib.h>
#include <string.h>

#include "environment/environment.h"
#include "run/guests.h"

const struct kernel *vm_kernel(const struct vm *vm, const char *name)
{
	for (unsigned i = 0; i < vm->kernel_count; i++) {
		if (strcmp(vm->kernels[i].name, name) == 0)
			return &vm->kernels[i];
	}
	return NULL;
}

struct run_facts *vm_new_facts(struct vm *vm)
{
	struct vm_facts *more = calloc(1, sizeof(*more));

	if (!more)
		return NULL;
	more->next = vm->facts;
	vm->facts = more;
	return &more->facts;
}

int vm_prepare(struct vm *vm, const struct plan *plan, const struct catalogue *catalogue, struct err *err)
{
	int status = qemu_find(&vm->qemu, err);

	for (unsigned i = 0; i < plan->cell_count && status == 0; i++) {
		const struct cell *cell = &plan->cells[i];

		if (cell->environment != ENVIRONMENT_VM || vm_kernel(vm, cell->kernel))
			continue;
		status = kernel_find(cell->kernel, &vm->kernels[vm->kernel_count], err);
		vm->kernel_count += status == 0;
	}
	if (status == 0)
		qemu_probe(&vm->qemu, &vm->kernels[0], catalogue);
	return status;
}

static int prepare(struct environment_context *context, struct err *err)
{
	if (!context->vm)
		context->vm = calloc(1, sizeof(*context->vm));
	return context->vm ? vm_prepare(context->vm, context->plan, context->catalogue, err) : err_no_memory(err);
}

static void tear_down(struct environment_context *context)
{
	struct vm_facts *next;

	for (struct vm_facts *facts = context->vm ? context->vm->facts : NULL; facts; facts = next) {
		next = facts->next;
		free(facts);
	}
	free(context->vm);
	context->vm = NULL;
}

const struct environment environment_vm = {
	.id = ENVIRONMENT_VM,
	.prepare = prepare,
	.run = guests_run,
	.tear_down = tear_down,
};
