/* The conditions of the checks, one function for each comparison that the kernel makes. */
#ifndef ENOMEM_MODEL_CONDITIONS_H
#define ENOMEM_MODEL_CONDITIONS_H

#include "model/check.h"

typedef bool condition(const struct model_state *state, const struct request *request, struct comparison *ret);

condition map_count_above, map_count_reached;
condition mremap_count_any, mremap_count_fixed, mremap_count_move;
condition address_space_full;
condition as_exceeded, data_exceeded, data_exceeded_by_mprotect, data_bytes_exceeded;
condition memlock_forbidden, memlock_exceeded;
condition commit_heuristic_refuses, commit_limit_refuses;
condition fork_heuristic_refuses, fork_limit_refuses;
condition nproc_exceeded, group_pids_exceeded;

#endif
