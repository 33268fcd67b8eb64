#!/bin/bash
# SIGKILL of the runner, a guardian, the agent, the scenario, the runner's process group, and combinations of
# them short of all guardians at once, at random moments of runs that change this host, ENOMEM_KILLS (30) times:
# nothing is left. Then of everything at once, a third as often: `enomem restore`, and nothing is left.
. "$(dirname -- "$0")/lib.sh"
kills=${ENOMEM_KILLS:-30}
. "$(dirname -- "$0")/host.sh"
. "$(dirname -- "$0")/private.sh"
seed=${ENOMEM_SEED:-$$}
RANDOM=$seed
echo "seed $seed (ENOMEM_SEED repeats it)"

# Not bash's own words for each process that was killed.
exec 2> >(grep -vE ': line [0-9]+: +[0-9]+ Killed ' >&2 || true)

limits=(--config maps:vm.max_map_count=30000
	--config strict:vm.overcommit_memory=2,vm.overcommit_ratio=80,caps=cap_sys_admin
	--config kbytes:vm.overcommit_memory=2,vm.overcommit_kbytes=8388608,vm.admin_reserve_kbytes=4096
	--config swap:swap=16M,vm.nr_hugepages=2)
# Only where there are such cgroups: a configuration that cannot be had is skipped, and kills nothing.
limits+=(--config group:cgroup.memory.max=32M,cgroup.pids.max=20,vm.max_map_count=20000)

start() {
	# None that reaches the commit limit in mode 2: this script forks meanwhile, and would be refused memory.
	command=("$ENOMEM_BIN" run --allow-host-changes "${limits[@]}" many-mmaps mprotect-splits --format json)
	# A process group of its own, as a shell gives it to a job.
	set -m
	"${command[@]}" >"$scratch/out" 2>"$scratch/err" {life}>&- &
	runner=$!
	set +m
}

# All processes of the copy by what they are.
find_processes() {
	local pid program
	guardians=() agents=() programs=()
	while read -r pid program; do
		case $program:$(cat "/proc/$pid/comm" 2>/dev/null) in
		*:enomem-guardian) guardians+=("$pid") ;;
		enomem-agent:*) agents+=("$pid") ;;
		enomem:*) ;;
		*) programs+=("$pid") ;;
		esac
	done < <(private_processes)
}

nothing_left() {
	checks=$((checks + 1))
	until_true 20 no_processes || fail "$1: processes left" "" "$(private_processes)"
	check_restored "$1"
}

how_long() { # of a whole run, in milliseconds
	local began=${EPOCHREALTIME/./}
	start
	wait "$runner" || true
	echo $(((${EPOCHREALTIME/./} - began) / 1000))
}
how_long >"$scratch/length"
length=$(<"$scratch/length")
nothing_left "a run that is not disturbed"

pause() { sleep "$(printf '0.%03d' $((RANDOM % (length < 999 ? length : 999))))"; }

for ((i = 0; i < kills; i++)); do
	start
	pause
	find_processes
	what=$((1 + RANDOM % 31)) victims=() named=""
	((what & 1)) && victims+=("$runner") named+=" runner"
	((what & 2 && ${#guardians[@]})) && victims+=("${guardians[RANDOM % ${#guardians[@]}]}") named+=" guardian"
	((what & 4 && ${#agents[@]})) && victims+=("${agents[@]}") named+=" agent"
	((what & 8 && ${#programs[@]})) && victims+=("${programs[@]}") named+=" scenario"
	((what & 16)) && victims+=("-$runner") named+=" group"
	kill -KILL -- "${victims[@]}" 2>/dev/null || true
	wait "$runner" 2>/dev/null || true
	nothing_left "kill no. $i:$named"
done

# Everything at once, which nobody survives who could put anything back.
for ((i = 0; i < kills / 3; i++)); do
	start
	pause
	kill -STOP "$runner" 2>/dev/null || true
	find_processes
	kill -KILL -- "${guardians[@]}" "$runner" "${agents[@]}" "${programs[@]}" 2>/dev/null || true
	wait "$runner" 2>/dev/null || true
	until_true 20 no_processes || fail "everything, no. $i: processes left" "" "$(private_processes)"
	enomem_host restore
	check_status "everything, no. $i: restore" 0
	nothing_left "everything, no. $i"
done

# The next start does it, too.
start
until_true 10 test -s /var/lib/enomem/journal || fail "journal" "one" "none"
sleep 0.03
kill -STOP "$runner" 2>/dev/null || true
find_processes
kill -KILL -- "${guardians[@]}" "$runner" 2>/dev/null || true
wait "$runner" 2>/dev/null || true
until_true 20 no_processes || fail "before the next start: processes left" "" "$(private_processes)"
enomem_host run many-mmaps --at-most 10 --format json
check_status "the next start" 0
nothing_left "the next start"
finish
