#!/bin/bash
# Outputs that fail, /proc that is missing, limits that leave no room, descriptors that are closed or taken:
# each has its message and status, and nothing that was finished is lost.
. "$(dirname -- "$0")/lib.sh"
cell=(run ulimit-v --at-most=500)
exec 10<&- 2>&1 # what ctest or a harness left open is not part of the test

# under SETTING ARGUMENT...: the tool in a shell that has made the setting (a line of bash) first.
under() { run bash -c "$1"' && exec "$0" "$@"' "$ENOMEM_BIN" "${@:2}"; }

# ---- Outputs
enomem "${cell[@]}" -o /dev/full
check_status "-o /dev/full" 2
check_has "-o /dev/full" "cannot write /dev/full: No space left on device"
check_has "-o /dev/full: the result is still on stdout" NO-REFUSAL out
check_has "-o /dev/full: and so is the tally" "1 cell: 1 NO-REFUSAL" out

for format in text json; do
	rm -f -- "$scratch/results"
	under 'exec >/dev/full' "${cell[@]}" --format $format -o "$scratch/results"
	check_status "$format >/dev/full" 2
	check_has "$format >/dev/full" "cannot write to stdout: No space left on device"
	check "$format >/dev/full: results" NO-REFUSAL "$(jq -r .verdict "$scratch/results")"

	# Closed from the start: said at once, and nothing was run that could be lost.
	rm -f -- "$scratch/results"
	under 'exec >&-' "${cell[@]}" --format $format -o "$scratch/results"
	check_status "$format >&-" 2
	check_has "$format >&-" "cannot write to stdout"
	check "$format >&-: the file" "" "$(cat "$scratch/results" 2>/dev/null)"
done
for arguments in list "list --json" "explain big-fork" --help "run --help" --version "run --dry-run ulimit-v"; do
	# shellcheck disable=SC2086
	under 'exec >/dev/full' $arguments
	check "$arguments >/dev/full: not status 0" 1 $((status != 0))
done
run bash -c '"$0" run ulimit-v many-mmaps --at-most=500 --format json -o "$1" | head -c 10' "$ENOMEM_BIN" "$scratch/results"
check "stdout goes away: results in the file" 2 "$(wc -l <"$scratch/results")"

# A file that may not grow: whole lines only.
rm -f -- "$scratch/results"
under 'ulimit -f 8' run ulimit-v --at-most=500 --repeat 5 -o "$scratch/results"
check_status "ulimit -f" 2
check_has "ulimit -f" "cannot write $scratch/results: File too large"
check_has "ulimit -f: all are on stdout" "5 cells: 5 NO-REFUSAL" out
checks=$((checks + 1))
{ jq -e .schema "$scratch/results" >/dev/null && [ "$(tail -c 1 "$scratch/results" | od -An -c | tr -d ' ')" = '\n' ]; } ||
	fail "ulimit -f: the file" "whole lines" "$(tail -c 60 "$scratch/results")"
under 'ulimit -f 0' "${cell[@]}" -o "$scratch/results"
check "ulimit -f 0: neither success nor a signal" 1 $((status > 0 && status < 128))

# ---- Descriptors: closed, or so many in use that the tool's own fall on any number.
for closed in '<&-' '2>&-' '<&- 2>&-'; do
	under "exec $closed" "${cell[@]}" --format json
	check_status "$closed" 0
	check_json "$closed" NO-REFUSAL .verdict
done
for ((open = 0; open <= 16; open++)); do
	taken=:
	for ((i = 3; i < 3 + open; i++)); do taken+=" && exec $i</dev/null"; done
	under "$taken" "${cell[@]}" --format json
	check_status "$open descriptors taken" 0
	check_json "$open descriptors taken" NO-REFUSAL .verdict
done
under 'ulimit -n 5' "${cell[@]}"
check "ulimit -n 5: neither success nor a signal" 1 $((status > 0 && status < 128))
check "ulimit -n 5: says why" 1 "$(cat "$scratch/out" "$scratch/err" | grep -c -m 1 'Too many open files')"

# ---- /proc
in_mounts() { run unshare --map-root-user --mount --pid --fork bash -c "$1"' && shift && exec "$0" "$@"' "$ENOMEM_BIN" "$@"; }
if has_userns; then
	for arguments in "${cell[*]}" "${cell[*]} --isolation=none" list "explain big-fork"; do
		! sanitized || break # ASan itself needs /proc
		# shellcheck disable=SC2086
		in_mounts 'mount -t tmpfs none /proc' $arguments
		check_status "no /proc: $arguments" 2
		check_has "no /proc: $arguments" "/proc"
		check_has "no /proc: $arguments" "mount"
		check "no /proc: $arguments: stdout" "" "$(cat "$scratch/out")"
	done
	in_mounts 'mount -t proc -o hidepid=2 proc /proc' "${cell[@]}" --format json
	check_status "hidepid=2" 0
	check_json "hidepid=2" NO-REFUSAL .verdict
	in_mounts 'mount -t proc -o hidepid=2 proc /proc' "${cell[@]}" --format json --isolation=none
	check_status "hidepid=2, isolation none" 0
	in_mounts 'mount -t proc -o subset=pid proc /proc' "${cell[@]}"
	check_status "/proc without /proc/sys" 2
	check_has "/proc without /proc/sys" "/proc/sys"
fi

# ---- Limits that leave no room for the agent or the scenario
if ! sanitized; then
	# Every size from where the runner cannot even be loaded to where all works, as hard and as soft limit.
	words=""
	for kind in "" "-S "; do
		for ((kib = 1000; kib <= 12000; kib += 500)); do
			under "ulimit $kind-v $kib" run oversized-mmap --format json
			case $status in
			139) check "ulimit $kind-v $kib: no room to map the program itself" 1 $((kib < 2000)) ;; # the kernel, in exec
			126 | 127) check "ulimit $kind-v $kib: who failed" 1 $((kib < 12000)) ;; # the loader, in its own words
			0) check_exact "ulimit $kind-v $kib" 1 ;;
			3) check "ulimit $kind-v $kib: says what is short" 1 "$(json .reason | grep -cE 'ulimit|limit|memory')" ;;
			2) check "ulimit $kind-v $kib: says what is short" 1 "$(grep -cm1 -i 'memory' "$scratch/err")" ;;
			*) fail "ulimit $kind-v $kib: status" "0, 2, 3 or the loader's" "$status" ;;
			esac
			words+=" $status"
		done
	done
	check "with 12000 KiB all is well" 0 "${words##* }"
	under 'ulimit -d 100' run many-mmaps -p protection=write --at-most=500 --format json
	check "ulimit -d 100: neither a crash nor silence" 1 $((status < 128))
fi

# A hard limit below what the scenario wants to set is no fault of ours: the cell cannot run here.
if ! sanitized; then
	under 'ulimit -v 60000' run ulimit-v -p limit=1G --format json
	check_json "limit above the hard one" SKIP .verdict
	check_json "limit above the hard one" 1 '.reason | [scan("hard limit")] | length'
	check_status "limit above the hard one" 77
fi

# No process more for this user (root is not bound by it; its cells run as another user).
if ! is_root; then
	under 'ulimit -u 1' "${cell[@]}"
	check "ulimit -u 1: neither success nor a signal" 1 $((status > 0 && status < 128))
	check "ulimit -u 1: says why" 1 "$(cat "$scratch/out" "$scratch/err" | grep -c -m 1 'Resource temporarily unavailable\|EAGAIN')"
fi
finish
