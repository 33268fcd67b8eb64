#!/bin/bash
# --dry-run predicts what a run then measures, and makes no request at all.
. "$(dirname -- "$0")/lib.sh"
needs_steady_limits

enomem run --dry-run --format json
check_status "dry run" 0
check "dry run: results" ${#scenarios[@]} "$(wc -l <"$scratch/out")"
check_json "dry run" "SKIP true null null" '"\(.verdict) \(.expected) \(.refusal) \(.cause)"'
check_json "dry run" 0 '.pushes | length'
prediction='"\(.scenario) \(.prediction | [.call, .errno, .check, .accepted])"'
json "$prediction" >"$scratch/predicted"
enomem run --format json
check_exact "run" ${#scenarios[@]}
check "predictions of the dry run and of the run" "$(json "$prediction")" "$(cat "$scratch/predicted")"
check "predictions of the dry run and refusals of the run" \
	"$(json '"\(.scenario) \([.refusal.call, .refusal.errno, .cause.check, .refusal.accepted])"')" "$(cat "$scratch/predicted")"

enomem run --dry-run
check_status "dry run, as text" 0
check "dry run, as text: stderr" "" "$(cat "$scratch/err")"
while read -r scenario rest; do
	check_has "dry run, as text: $scenario" "$(jq -r '.[3]' <<<"$rest")" out
done <"$scratch/predicted"
enomem run --dry-run many-mmaps -p protection=write --at-most=10 --format json
check_json "dry run below the limit" "10 null" '"\(.prediction.accepted) \(.prediction.check)"'
enomem run --dry-run -p page=1
check_status "dry run of bad input" 2
enomem run --dry-run ulimit-v -p limit=1M -p limit_at=exec --format json
check_status "dry run of a start that fails" 0

# What the scenarios' processes ask of the kernel once they have said that they are READY (a futex wake).
strace=(strace -f -qq -o "$scratch/trace")
if command -v strace >/dev/null && "${strace[@]}" true 2>/dev/null; then
	requests() {
		awk '
			/execve(at)?\(.*"--run"/ {scenario[$1] = 1}
			$1 in scenario && /futex\(.*FUTEX_WAKE/ {ready[$1] = 1}
			$1 in ready && $2 ~ /^(mmap|mprotect|munmap|mremap|brk|clone|clone3|fork|vfork|madvise|mlock)\(/ {requests++}
			END {n = 0; for (pid in ready) n++; print n, "ready,", requests + 0, "requests"}' "$scratch/trace"
	}
	export ASAN_OPTIONS=detect_leaks=0 # which cannot work under ptrace
	run "${strace[@]}" "$ENOMEM_BIN" run --dry-run
	check_status "dry run under strace" 0
	check "dry run under strace" "${#scenarios[@]} ready, 0 requests" "$(requests)"
	# The same look at a run sees its requests.
	run "${strace[@]}" "$ENOMEM_BIN" run many-mmaps --at-most=20
	check_status "run under strace" 0
	check "run under strace" "1 ready, 20 requests" "$(requests)"
fi
finish
