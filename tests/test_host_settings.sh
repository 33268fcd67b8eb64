#!/bin/bash
# Other vm.* settings of the host. Only where ENOMEM_TEST_HOST=1 says that this host may be changed, and as
# real root. Each setting is in force for one run only, and restored whatever ends this test.
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/host.sh"

# with NAME VALUE ARGUMENT...: one run under a setting. In mode 2 a program that starts and ends meanwhile
# moves a refusal and leaves no trace; the tool then says to run it again, which is done twice.
with() {
	local try
	command=("vm.$1=$2:" enomem "${@:3}")
	for try in 1 2 3; do
		status=0
		echo "$2" >"/proc/sys/vm/$1"
		"$ENOMEM_BIN" "${@:3}" >"$scratch/out" 2>"$scratch/err" {life}>&- || status=$?
		restore
		{ [ "$status" -eq 1 ] && grep -q 'run it again' "$scratch/out"; } || break
		[ "$try" -eq 3 ] || sleep 1
	done
}

count=${#scenarios[@]}
# More maps than memory: the cells are refused with the figure, and only the other four run.
with max_map_count 2147483647 run many-mmaps --format json
check_status "2^31-1 maps" 77
check_json "2^31-1 maps" "SKIP true" '"\(.verdict) \(.expected)"'
check_json "2^31-1 maps: operations, memory needed and had" 1 \
	'.reason | [scan("214748[0-9]{4} operations .*[0-9.]+ [KMGT]iB .*[0-9.]+ [KMGT]iB")] | length'
with max_map_count 2147483647 run
check_status "2^31-1 maps, all" 0
check_has "2^31-1 maps, all" "4 EXACT, 4 SKIP" out
with max_map_count 2147483647 run many-mmaps --at-most=1000 --format json
check_status "2^31-1 maps, few of them used" 0

# So few that the runner has about as many itself: its cells are small, and exact.
with max_map_count 100 run many-mmaps mprotect-splits ulimit-v --format json
check_exact "100 maps" 3
check "100 maps: the count at the refusal" 101 \
	"$(json 'select(.scenario == "many-mmaps") | .snapshots.at_refusal.process.map_count')"
for maps in 60 40 25; do
	# Then the loader or the cell's start fails; whoever of us can still speak says what is short.
	with max_map_count $maps run many-mmaps --format json
	case $status in
	0) check_exact "$maps maps" 1 ;;
	2 | 3) check "$maps maps: says what is short" 1 "$(cat "$scratch/out" "$scratch/err" | grep -cE -m 1 'max_map_count|map|limit')" ;;
	*) check "$maps maps: the loader or the kernel" 1 $((status == 127 || status == 126 || status == 139 || status == 137)) ;;
	esac
done

# All of them under each mode of overcommit.
for mode in 0 1 2; do
	with overcommit_memory $mode run --repeat 3 --format json
	check_status "mode $mode" 0
	check "mode $mode: results" $((3 * count)) "$(wc -l <"$scratch/out")"
	check_json "mode $mode" "EXACT agrees true" '"\(.verdict) \(.evidence.model) \(.expected)"'
	# In mode 2 the rest of the machine moves the limit: there the prediction is a band, exact where it is none.
	check_json "mode $mode" true '.difference == 0 or .prediction.band != null'
	check_json "mode $mode" $mode .snapshots.before.machine.overcommit_memory
	case $mode in
	0) causes="commit-heuristic commit-heuristic-fork" ;;
	1) causes="address-space" ;;
	2) causes="commit-limit commit-limit-fork" ;;
	esac
	check "mode $mode: what ends sizes" "$causes" \
		"$(json 'select(.refusal.unit == "pages") | .prediction.check' | sort -u | paste -sd ' ')"
	check "mode $mode: refusals inside the prediction" true "$(jq -s 'all(.[]; (.prediction.band // {least: .prediction.accepted, most: .prediction.accepted}) as $band | $band.least <= .refusal.accepted and .refusal.accepted <= $band.most)' "$scratch/out")"
done

# Writable mappings are charged one by one: in mode 2 the sum decides, in bands of a few operations or pages.
with overcommit_memory 2 run many-mmaps -p protection=write -p pages=1024 --format json
check_status "mode 2, many writable maps" 0
check_json "mode 2, many writable maps" "EXACT commit-limit" '"\(.verdict) \(.prediction.check)"'
with overcommit_memory 2 run big-fork -p vmas=16 --format json
check_status "mode 2, big-fork in 16" 0
with overcommit_memory 2 run --jobs 2 --format json
check_status "mode 2, two at a time" 0

restore
check_restored "all of it"
finish
