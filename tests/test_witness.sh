#!/bin/bash
# --witness: where this kernel can be traced it names a function, and everywhere the cells stay EXACT and it is said why not.
. "$(dirname -- "$0")/lib.sh"

# What root would need: a tracefs with kprobe events. Looked for as the tool does not: by the kernel's own list of files.
can_trace() {
	local directory
	is_root || return 1
	directory=$(mktemp -d "$scratch/tracefs.XXXXXX")
	mount -t tracefs tracefs "$directory" 2>/dev/null || return 1
	[ -w "$directory/kprobe_events" ] && local answer=0 || local answer=1
	[ "$answer" != 0 ] || probes_before=$(sort "$directory/kprobe_events")
	umount "$directory"
	return "$answer"
}
probes_before=""

enomem run --witness --format json
check_exact "with a witness asked for" ${#scenarios[@]}
if can_trace; then
	check "stderr" "" "$(cat "$scratch/err")"
	check_json "the kernel agrees" agrees .evidence.witness
	check_json "it names a function" string '.witness.function | type'
	check_json "which was traced" true '. as $r | .witness.probed | index($r.witness.function) != null'
	check_json "what is inlined is explained" true '.witness.inlined == (.witness.how != null)'
	can_trace
	check "probes that are left" "" "$(grep enomem_ <<<"$probes_before" || true)"
else
	check "said once" 1 "$(grep -c '^enomem: no witness: cannot trace: ' "$scratch/err")"
	check_json "no witness" absent .evidence.witness
	check_json "no function" "null null false" '.witness | "\(.function) \(.returned) \(.inlined)"'
	check_json "why there is none" true '.witness.problem | startswith("cannot trace: ")'
	check_json "the same reason" "$(sed -n 's/^enomem: no witness: \([^;]*\).*/\1/p' "$scratch/err")" .witness.problem
fi
check_json "model and push" "agrees agrees" '.evidence | "\(.model) \(.push)"'

# Nothing of it unless it is asked for, and nothing is traced for predictions.
enomem run --format json many-mmaps
check_json "not asked for" "absent null" '"\(.evidence.witness) \(.witness)"'
check "stderr when not asked for" "" "$(cat "$scratch/err")"
enomem run --witness --dry-run many-mmaps
check "stderr of a dry run" "" "$(cat "$scratch/err")"

# As an ordinary user: why it cannot be.
if is_root && command -v setpriv >/dev/null; then
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$ENOMEM_BIN" run --witness many-mmaps
	if [ -s "$scratch/out" ]; then
		check "an ordinary user" 0 "$status"
		check "why an ordinary user has none" \
			"enomem: no witness: cannot trace: mounting tracefs is not permitted; tracing needs root" \
			"$(cat "$scratch/err")"
	fi
fi
finish
