#!/bin/bash
# Predicted is measured, every time: ENOMEM_RUNS (5) runs of all scenarios. 100 for the full claim.
. "$(dirname -- "$0")/lib.sh"
runs=${ENOMEM_RUNS:-5}

for isolation in auto none; do
	enomem run --repeat "$runs" --isolation="$isolation" --format json
	check_exact "$runs runs, isolation $isolation" $((runs * ${#scenarios[@]}))
	check "isolation $isolation: runs of each scenario" "$runs" \
		"$(json .scenario | sort | uniq -c | awk '{print $1}' | sort -u | paste -sd ' ')"
	check_json "isolation $isolation" true '.refusal.errno == .prediction.errno and .refusal.call == .prediction.call'
	check_json "isolation $isolation" true '.cause.check == .prediction.check'
	# Each refusal was pushed, each push that was made moved it as far as it should, and one of them did move it.
	check_json "isolation $isolation" "true true" \
		'"\(all(.pushes[] | select(.made); .predicted_more == .more)) \(any(.pushes[] | select(.made); .more > 0))"'
done

# In one namespace or none, started by whomever: the same numbers from the same start.
enomem run --format json many-mmaps
own=$(json '.refusal.accepted + .snapshots.before.process.map_count')
enomem run --format json --isolation=none many-mmaps
check "maps at start and operations, with isolation and without" "$own" \
	"$(json '.refusal.accepted + .snapshots.before.process.map_count')"
finish
