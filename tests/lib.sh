# Common to the end-to-end tests; each begins with `. "$(dirname -- "$0")/lib.sh"` and ends with `finish`.
# shellcheck shell=bash
set -euo pipefail

: "${ENOMEM_BUILD:=$(dirname -- "${BASH_SOURCE[0]}")/../build/release}"
: "${ENOMEM_BIN:=$ENOMEM_BUILD/enomem}"
: "${ENOMEM_SANITIZED:=0}"
source_tree=$(readlink -f -- "$(dirname -- "${BASH_SOURCE[0]}")/..")
probes=$ENOMEM_BUILD/tests/probes
test_libexec=$ENOMEM_BUILD/tests/libexec
scenarios=(big-fork fixed-map-hole madvise-at-limit many-mmaps mprotect-splits mremap-at-limit oversized-mmap ulimit-v)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/enomem-e2e.XXXXXX")
unset ENOMEM_LIBEXEC

checks=0 failures=0 finished=no
status=0 command=() # of the last `run`

leave() {
	local code=${1:-$?}
	if [ "$finished" = no ]; then
		echo "FAIL: the test stopped before its end, status $code; last command: ${command[*]:-none}"
		show
		code=1
	fi
	rm -rf -- "$scratch"
	exit "$code"
}
trap leave EXIT

skip() {
	echo "SKIP: $*"
	finished=yes
	exit 77
}

finish() {
	finished=yes
	echo "$checks checks, $failures failed"
	[ "$failures" -eq 0 ] && [ "$checks" -gt 0 ] || exit 1
	exit 0
}

is_root() { [ "$(id -u)" -eq 0 ]; }
sanitized() { [ "$ENOMEM_SANITIZED" != 0 ]; }

# What the last command printed, cut to a readable size.
show() {
	local file
	for file in err out; do
		[ ! -s "$scratch/$file" ] || echo "    std$file:"
		{ jq -c '{scenario, prediction, refusal, cause, verdict, reason}' "$scratch/$file" || cat "$scratch/$file"; } \
			2>/dev/null | head -n 12 | cut -c 1-500 | sed 's/^/        /' || true
	done
}

# run COMMAND...: $status, $scratch/out and $scratch/err tell what came of it.
run() {
	command=("$@")
	status=0
	"$@" >"$scratch/out" 2>"$scratch/err" || status=$?
}

enomem() { run "$ENOMEM_BIN" "$@"; }

# With the scenarios that only tests have.
enomem_test() { run env ENOMEM_LIBEXEC="$test_libexec" "$ENOMEM_BIN" "$@"; }

# fail WHAT EXPECTED SEEN
fail() {
	failures=$((failures + 1))
	printf 'FAIL: %s\n    expected: %s\n    seen:     %s\n    command:  %s\n' "$1" "$2" "$3" "${command[*]:-none}"
	show
}

# check WHAT EXPECTED SEEN
check() {
	checks=$((checks + 1))
	[ "$2" = "$3" ] || fail "$1" "$2" "$3"
}

# check_true WHAT ARITHMETIC: the arithmetic, with its values, is what is expected.
check_true() {
	checks=$((checks + 1))
	(($2)) || fail "$1" "$2" "it is false"
}

# check_has WHAT FRAGMENT: in what the last command wrote to stderr (out: to stdout).
check_has() {
	checks=$((checks + 1))
	grep -qF -- "$2" "$scratch/${3:-err}" || fail "$1" "std${3:-err} with \"$2\"" "no such text"
}

check_lacks() {
	checks=$((checks + 1))
	! grep -qF -- "$2" "$scratch/${3:-err}" || fail "$1" "std${3:-err} without \"$2\"" "that text"
}

check_status() { check "$1: exit status" "$2" "$status"; }

# json FILTER: jq on the results that the last command printed.
json() { jq -r "$@" "$scratch/out"; }

# check_json WHAT EXPECTED FILTER: every result gives that value, and there is at least one.
check_json() {
	local seen
	seen=$(json "$3" | sort -u | paste -sd ' ') || seen="no JSON"
	check "$1: $3" "$2" "$seen"
}

# check_exact WHAT [COUNT]: so many results, each as predicted and proved.
check_exact() {
	check_status "$1" 0
	[ $# -lt 2 ] || check "$1: results" "$2" "$(wc -l <"$scratch/out")"
	check_json "$1" "EXACT 0 agrees agrees true" \
		'"\(.verdict) \(.difference) \(.evidence.model) \(.evidence.push) \(.expected)"'
}

# probe NAME ARGUMENT...: runs the probe; `field KEY` then gives a line of what it found.
probe() { run "$probes/$1" "${@:2}"; }
field() { sed -n "s/^$1=//p" "$scratch/out"; }

# Where commit accounting decides, other processes of the machine move the limit between two runs.
needs_steady_limits() {
	[ "$(</proc/sys/vm/overcommit_memory)" -ne 2 ] || skip "vm.overcommit_memory is 2: limits move from run to run"
}

# The user namespaces that an ordinary user needs, tried without the tool.
has_userns() { unshare --user --map-root-user --pid --mount --fork true 2>/dev/null; }

# until_true SECONDS COMMAND...: poll; fails when it never came true.
until_true() {
	local deadline=$((SECONDS + $1 + 1))
	until "${@:2}"; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.02
	done
}
