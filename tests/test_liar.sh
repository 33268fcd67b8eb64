#!/bin/bash
# Scenarios that do not do what they declare, or do not behave: each must be caught, by the right word.
. "$(dirname -- "$0")/lib.sh"

# verdict WHAT WORD EXIT REASON: of the last command, which ran one cell with --format json.
verdict() {
	check_status "$1" "$3"
	check_json "$1" "$2" .verdict
	check_json "$1" "$([ "$3" -eq 0 ] && echo true || echo false)" .expected
	checks=$((checks + 1))
	json .reason | grep -qF -- "$4" || fail "$1: reason" "$4" "$(json .reason)"
}

# Not under ASan: it cannot run with any RLIMIT_AS.
if ! sanitized; then
	# Where the map count refuses it, and the RLIMIT_AS under which its claim would be right at that very operation.
	limited() { run prlimit --as="$1": env ENOMEM_LIBEXEC="$test_libexec" "$ENOMEM_BIN" run "${@:2}"; }
	limited $(($(</proc/sys/vm/max_map_count) * 16384)) --format json liar
	verdict "liar far from the limit" OFF 1 "elsewhere than predicted"
	check_json "liar far from the limit" "rlimit-as map-count" '"\(.prediction.check) \(.cause.check)"'
	check_json "liar far from the limit" disagrees .evidence.model
	accepted=$(json .refusal.accepted)
	bytes=$(json ".snapshots.before.process.vm_size_kib * 1024 + .refusal.accepted * .host.page_bytes")

	# Refused where predicted, by the predicted call and errno. Only cause and pushes can tell.
	limited "$bytes" --format json liar
	verdict "liar at the limit" OFF 1 "another check"
	check_json "liar at the limit" "0 $accepted $accepted" '"\(.difference) \(.prediction.accepted) \(.refusal.accepted)"'
	check_json "liar at the limit" "rlimit-as map-count" '"\(.prediction.check) \(.cause.check)"'
	check_json "liar at the limit" "disagrees disagrees" '"\(.evidence.model) \(.evidence.push)"'
	limited "$bytes" liar
	check_status "liar as text" 1
	check_has "liar as text" OFF out

	# The same program when it does as it says.
	limited "$bytes" --format json liar -p lie=none
	check_exact "honest" 1
	check_json "honest" rlimit-as .cause.check

	# It says that a relief helped which cannot have.
	limited "$bytes" --format json liar -p lie=push
	verdict "liar in its pushes" OFF 1 "push"
	check_json "liar in its pushes" "0 agrees disagrees" '"\(.difference) \(.evidence.model) \(.evidence.push)"'
fi

# A refusal that does not come, and one that need not.
enomem_test run --format json nothing -p merges=no
verdict "nothing, though it claims a refusal" NO-REFUSAL 1 "though a refusal was predicted"
enomem_test run --format json nothing --at-most=1000
verdict "nothing" NO-REFUSAL 0 "up to 1000"

# Without a bound it would run for ever: it is either stopped or not started, for a reason that is true.
enomem_test run --format json nothing -t 1
check_json "nothing, unbounded" true '.verdict == "TIMEOUT" or .verdict == "SKIP" or .verdict == "NO-REFUSAL"'
checks=$((checks + 1))
! json .reason | grep -q 'about 0 bytes' || fail "nothing, unbounded: reason" "a true one" "$(json .reason)"

for how in segv:SIGSEGV kill:SIGKILL exit:7; do
	enomem_test run --format json crasher -p how="${how%:*}"
	verdict "crasher ${how%:*}" CRASHED 1 "${how#*:}"
	verdict "crasher ${how%:*}" CRASHED 1 "after 100 accepted"
	check_json "crasher ${how%:*}" "null null absent absent" '"\(.refusal) \(.cause) \(.evidence.model) \(.evidence.push)"'
done

began=$SECONDS
enomem_test run --format json sleeper --timeout 1
verdict "sleeper" TIMEOUT 1 "within 1 s"
check_true "sleeper: given up after its second, not when the runner lost patience" $((SECONDS - began <= 3))

# The others still run, and the worst word decides the status.
enomem_test run --format json crasher nothing sleeper -p merges=yes --at-most=200 -t 0.3
check_status "all in one run" 1
check "all in one run: verdicts" "CRASHED NO-REFUSAL TIMEOUT" "$(json .verdict | sort | paste -sd ' ')"
finish
