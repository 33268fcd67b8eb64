#!/bin/bash
# SIGINT, SIGTERM and a second SIGINT: what had finished is kept and reported, and nothing is left.
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/private.sh"

# A background job of a script ignores SIGINT and its children inherit that; a terminal's foreground
# job does not. `env --default-signal` makes it so here too.
start() {
	command=("$ENOMEM_BIN" run "$@")
	env --default-signal=INT,TERM,HUP "${command[@]}" >"$scratch/out" 2>"$scratch/err" &
	runner=$!
	until_true 30 hangs || fail "start" "a running sleeper" "$(private_processes)"
}

hangs() { private_processes | grep -q ' sleeper$'; }

ended() {
	status=0
	wait "$runner" || status=$?
	checks=$((checks + 1))
	until_true 2 no_processes || fail "$1: processes left" "" "$(private_processes)"
}

for pair in INT:130 TERM:143 HUP:129; do
	signal=${pair%:*}
	for isolation in auto none; do
		what="SIG$signal, isolation $isolation"
		rm -f -- "$scratch/results"
		start nothing sleeper ulimit-v --at-most=100 -t 90 --isolation=$isolation -o "$scratch/results"
		kill -"$signal" "$runner"
		ended "$what"
		check_status "$what" "${pair#*:}"
		check_has "$what" "1 of 3 cells had ended"
		check "$what: file" "nothing NO-REFUSAL" "$(jq -r '"\(.scenario) \(.verdict)"' "$scratch/results")"
		check "$what: rows of the table" nothing "$(awk '/NO-REFUSAL|sleeper/ && / s$/ && !/cells?:/ {print $1}' "$scratch/out" | paste -sd ' ')"
		check_has "$what" "1 cell: 1 NO-REFUSAL" out
	done
done

# The same with JSON on stdout: whole lines only.
start nothing sleeper ulimit-v --at-most=100 -t 90 --format json
kill -INT "$runner"
ended "SIGINT, json"
check_status "SIGINT, json" 130
check "SIGINT, json: stdout" nothing "$(json .scenario)"

# Ten signals as fast as they come: at the latest the second ends it at once.
rm -f -- "$scratch/results"
start nothing sleeper --at-most=100 -t 90 -o "$scratch/results"
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -INT "$runner" 2>/dev/null || break; done
ended "SIGINT many times"
check_status "SIGINT many times" 130
check "SIGINT many times: file" nothing "$(jq -r .scenario "$scratch/results" 2>/dev/null)"

# Ctrl-C in a terminal reaches the whole process group, the cells too: they must not answer it themselves.
command=(setsid enomem run)
setsid --fork --wait env --default-signal=INT "$ENOMEM_BIN" run nothing sleeper --at-most=100 -t 90 \
	-o "$scratch/results" >"$scratch/out" 2>"$scratch/err" &
runner=$!
until_true 30 hangs || fail "start" "a running sleeper" "$(private_processes)"
kill -INT -- "-$(private_processes | awk '$2 == "enomem" {print $1; exit}')"
ended "SIGINT to the group"
check_status "SIGINT to the group" 130
check_has "SIGINT to the group" "1 of 2 cells had ended"
finish
