#!/bin/bash
# Below its limit nothing may be refused, and the tool must say so instead of finding a refusal.
. "$(dirname -- "$0")/lib.sh"
needs_steady_limits

# allowed WHAT COUNT ARGUMENT...: NO-REFUSAL, expected, with everything that was asked for accepted.
allowed() {
	local what=$1 count=$2
	shift 2
	enomem run --format json --at-most="$count" "$@"
	check_status "$what" 0
	check_json "$what" "NO-REFUSAL true 0" '"\(.verdict) \(.expected) \(.difference)"'
	check_json "$what" "null null agrees" '"\(.refusal) \(.cause) \(.evidence.model)"'
	check_json "$what" "null null" '"\(.prediction.check) \(.prediction.errno)"'
	check_json "$what" "$count" '.prediction.accepted'
	enomem run --at-most="$count" "$@"
	check_status "$what, as text" 0
	check "$what: ACCEPTED in the table" "$count" "$(awk '/NO-REFUSAL/ {print $3; exit}' "$scratch/out")"
}

for scenario in "${scenarios[@]}"; do
	allowed "$scenario" 100 "$scenario"
done

# The last size or operation before the limit is still allowed, and one more is not.
for scenario in "${scenarios[@]}"; do
	enomem run --format json "$scenario"
	most=$(json .refusal.accepted)
	allowed "$scenario at its last" "$most" "$scenario"
	enomem run --format json --at-most="$((most + 1))" "$scenario"
	check_exact "$scenario one above its last" 1
	check "$scenario one above its last: accepted" "$most" "$(json .refusal.accepted)"
done

# Other parameters, also below.
allowed "many-mmaps with pages" 1000 many-mmaps -p pages=7 -p protection=write
allowed "many-mmaps of a file" 1000 many-mmaps -p backing=file
allowed "big-fork in parts" 1000 big-fork -p vmas=3
allowed "ulimit-v at exec" 100 ulimit-v -p limit_at=exec
finish
