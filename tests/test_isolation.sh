#!/bin/bash
# A running cell, seen from outside and from inside; and that nothing is left of it.
. "$(dirname -- "$0")/lib.sh"
has_userns || skip "no user namespaces for $(id -un) here"

. "$(dirname -- "$0")/private.sh"
mkdir -- "$scratch/tmp"
export TMPDIR=$scratch/tmp HOME=$scratch/tmp
cd -- "$scratch/tmp"
sort /proc/self/mountinfo >"$scratch/mounts"

# start ARGUMENT...: a sleeper in the background; $runner, $agent and $cell are its three processes. What
# the caller happens to have open, here $scratch, must not come into the cell.
start() {
	"$ENOMEM_BIN" run sleeper -t 90 "$@" >"$scratch/bg" 2>&1 7<"$scratch" &
	runner=$!
	command=(enomem run sleeper "$@")
	until_true 30 find_cell || {
		fail "start" "a running sleeper" "$(cat "$scratch/bg")"
		finish
	}
}

find_cell() {
	agent=$(pgrep -P "$runner" | tail -n 1) && cell=$(pgrep -P "$agent" | tail -n 1) &&
		[ "$(cat "/proc/$cell/comm" 2>/dev/null)" = sleeper ]
}

stop() {
	kill -KILL "$runner"
	wait "$runner" 2>/dev/null || true
	until_true 2 gone "$cell" || fail "kill the runner" "no process $cell" "$(ps -o args= -p "$cell")"
}

gone() { ! kill -0 "$1" 2>/dev/null && [ ! -e "/proc/$1" ]; }
shown() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$cell/status"; }

uid=$(id -u)
[ "$uid" -ne 0 ] || uid=65534
for isolation in namespaces none; do
	start --isolation=$isolation
	probe isolation "$cell"
	check_status "isolation $isolation: probe" 0
	check "isolation $isolation: uid" "$uid" "$(field uid)"
	check "isolation $isolation: NoNewPrivs" 1 "$(field NoNewPrivs)"
	check "isolation $isolation: CapEff" 0000000000000000 "$(field CapEff)"
	case $isolation in namespaces) other=other ;; *) other=own ;; esac
	for kind in user mnt pid ipc uts net cgroup; do
		check "isolation $isolation: $kind namespace" "$other" "$(field "ns_$kind")"
	done
	for set in CapInh CapPrm CapAmb; do
		check "isolation $isolation: $set" 0000000000000000 "$(shown $set)"
	done
	[ $isolation = none ] || check "isolation $isolation: CapBnd" 0000000000000000 "$(shown CapBnd)"
	check "isolation $isolation: groups" "" "$(is_root && shown Groups | tr -d ' ')"
	check "isolation $isolation: gid of all four kinds" 1 "$(shown Gid | tr '\t' '\n' | sort -u | wc -l)"
	if [ $isolation = namespaces ]; then
		check "isolation: pid inside" 2 "$(shown NSpid | awk '{print $NF}')"
		check "isolation: /proc/sys is read-only" ro \
			"$(awk '$5 == "/proc/sys" {split($6, o, ","); print o[1]}' "/proc/$cell/mountinfo" | tail -n 1)"
		check "isolation: network devices, but for lo" "" \
			"$(tail -n +3 "/proc/$cell/net/dev" | grep -v '^ *lo:' || true)"
	fi
	check "isolation $isolation: open files but for stdio and the record" "0 1 2 3" \
		"$(find "/proc/$cell/fd" -type l -printf '%f\n' 2>/dev/null | sort -n | paste -sd ' ')"
	stop
done

# From inside: spy reports what the kernel answered to each attempt.
attempt() {
	enomem_test run --format json spy -p on="$1" --isolation="$2"
	check "spy $1, isolation $2: errno" "$3" "$(json .refusal.errno)"
}
attempt sysctl namespaces EACCES
attempt sysctl none EACCES
attempt remount namespaces EPERM
attempt remount none EPERM
attempt root namespaces EINVAL # not even mapped
attempt root none EPERM
attempt fds namespaces EBADF
attempt fds none EBADF
enomem_test run --format json spy -p on=processes --isolation=namespaces
check "processes that a cell sees: its agent and itself" 2 "$(json .refusal.pages)"
check_json "what the result says of it" "true true null user pid mnt ipc uts net cgroup" \
	'"\(.isolation.own_proc) \(.isolation.uid == '"$uid"') \(.isolation.missing) \(.isolation.namespaces | join(" "))"'

# After all this and a plain run, the host is as before.
enomem run "${scenarios[@]}"
check_status "run" 0
check "mounts on the host, before and after" "$(cat "$scratch/mounts")" "$(sort /proc/self/mountinfo)"
check "files left" "" "$(find "$scratch/tmp" /dev/shm -newer "$scratch/mounts" -name '*enomem*' -o -path "$scratch/tmp/*")"
check "processes left" "" "$(private_processes)"
finish
