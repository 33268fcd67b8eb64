#!/bin/bash
# SIGKILL of the runner, the agent, the scenario and combinations of them, at random moments, ENOMEM_KILLS
# (30) times: nothing is left, and whoever survives reports what happened and goes on.
. "$(dirname -- "$0")/lib.sh"
kills=${ENOMEM_KILLS:-30}
. "$(dirname -- "$0")/private.sh"
mkdir -- "$scratch/tmp"
export TMPDIR=$scratch/tmp
sort /proc/self/mountinfo >"$scratch/mounts"
RANDOM=${ENOMEM_SEED:-$$}
echo "seed ${ENOMEM_SEED:-$$} (ENOMEM_SEED repeats it)"

# Not bash's own words for each process that was killed.
exec 2> >(grep -vE ': line [0-9]+: +[0-9]+ Killed ' >&2 || true)

# nothing_left WHAT: two seconds after.
nothing_left() {
	checks=$((checks + 1))
	until_true 2 no_processes || fail "$1: processes left" "" "$(private_processes)"
	check "$1: mounts" "$(cat "$scratch/mounts")" "$(sort /proc/self/mountinfo)"
	check "$1: files" "" "$(find "$scratch/tmp" -mindepth 1)"
}

# start ARGUMENT...: a run in the background, $runner.
start() {
	command=("$ENOMEM_BIN" run "$@")
	"${command[@]}" --format json -o "$scratch/results" >"$scratch/out" 2>"$scratch/err" &
	runner=$!
}

# Waits for the runner and puts its exit status into $status.
ended() {
	status=0
	wait "$runner" 2>/dev/null || status=$?
}

# pids PROGRAM
pids() { private_processes | awk -v program="$1" '$2 == program {print $1}'; }
has() { [ -n "$(pids "$1")" ]; }

# 1. One of the three, while a cell hangs; after it another cell waits for its turn. The name of the
# scenario's process is asked of its program file, which is the same whatever namespace it is in.
for isolation in auto none; do
	for victim in enomem enomem-agent sleeper; do
		what="kill $victim, isolation $isolation"
		rm -f -- "$scratch/results"
		start nothing sleeper ulimit-v -p merges=yes --at-most=30000 -t 90 --isolation=$isolation
		until_true 30 has sleeper || fail "$what" "a running sleeper" "none"
		pids "$victim" | xargs -r kill -KILL
		ended
		nothing_left "$what"
		if [ "$victim" = enomem ]; then
			check_status "$what" 137
			check "$what: finished results in the file" NO-REFUSAL "$(jq -r .verdict "$scratch/results" 2>/dev/null)"
			continue
		fi
		check "$what: cells" "nothing sleeper ulimit-v" "$(json .scenario | paste -sd ' ')"
		check "$what: the cells around it" "NO-REFUSAL EXACT" \
			"$(json 'select(.scenario != "sleeper") | .verdict' | paste -sd ' ')"
		if [ "$victim" = sleeper ]; then
			check_status "$what" 1
			check "$what: verdict" CRASHED "$(json 'select(.scenario == "sleeper") | .verdict')"
		else
			check_status "$what" 3
			check "$what: verdict" BROKEN "$(json 'select(.scenario == "sleeper") | .verdict')"
		fi
		check "$what: reason names the signal" 1 "$(json 'select(.scenario == "sleeper") | .reason' | grep -c SIGKILL)"
		cmp -s "$scratch/out" "$scratch/results" || fail "$what: stdout and -o" "the same" "$(wc -l "$scratch/results")"
	done
done

# 2. Any of them, at any moment of a run of real scenarios.
victims=(enomem enomem-agent scenario "enomem-agent scenario" "enomem scenario" "enomem enomem-agent" \
	"enomem enomem-agent scenario")
for ((i = 0; i < kills; i++)); do
	names=${victims[i % ${#victims[@]}]}
	delay=$(printf '0.%03d' $((RANDOM % 160)))
	what="random kill $i of $names after $delay s"
	start many-mmaps mprotect-splits ulimit-v --at-most=20000 -t 90 --isolation="$( ((RANDOM % 2)) && echo auto || echo none)"
	sleep "$delay"
	private_processes | awk -v names="$names" '
		{name = $2 ~ /^enomem/ ? $2 : "scenario"}
		index(" " names " ", " " name " ") {print $1}' | xargs -r kill -KILL 2>/dev/null || true
	ended
	nothing_left "$what"
	case " $names " in *" enomem "*) continue ;; esac
	check "$what: cells" 3 "$(jq -s length "$scratch/out")"
	# Whoever was hit is CRASHED or BROKEN, and the exit status says the worst. Too early or late hits nobody.
	words=$(json .verdict | sort -u | paste -sd ' ')
	case $words in
	*[!A-Z\ -]* | "" | *OFF* | *TIMEOUT* | *SKIP*) expected="none for $words" ;;
	*BROKEN*) expected=3 ;;
	*CRASHED*) expected=1 ;;
	*) expected=0 ;;
	esac
	check_status "$what ($words)" "$expected"
done
finish
