#!/bin/bash
# Configurations that change nothing on this machine; the matrix of a plan; what is refused before anything is done.
. "$(dirname -- "$0")/lib.sh"
needs_steady_limits
limits_now() { cat /proc/sys/vm/{max_map_count,overcommit_memory,overcommit_ratio,overcommit_kbytes}; }
before=$(limits_now)

# ---- Limits of the process, soft and hard
enomem run --set rlimit.as=512M --set rlimit.data=64M ulimit-v oversized-mmap --format json
check_exact "limits" 2
check_json "limits" '{"rlimit.as":536870912,"rlimit.data":67108864}' '.settings | tojson'
check_json "limits" "set ns" '"\(.configuration) \(.environment)"'
check "limits: what refuses" "rlimit-as rlimit-data" "$(json .cause.check | sort | paste -sd ' ')"
check "limits: the scenario's own limit is the configuration's" 512M "$(json 'select(.scenario == "ulimit-v") | .parameters.limit')"
check "limits: filled to the page" 131072 \
	"$(json 'select(.scenario == "ulimit-v") | .snapshots.at_refusal.process.vm_size_kib / 4')"

# An independent program under the same limit.
probe ulimit-v 536870912
check "limits: the probe fills it, too" 131072 "$(field vm_pages_at_refusal)"

enomem run --set rlimit.as=+32M:+48M ulimit-v --format json
check_exact "relative" 1
check_json "relative: soft over the size at start" 32768 \
	'.snapshots.before.process | .limits.as.soft / 1024 - .vm_size_kib'
check_json "relative: hard" 16384 '(.snapshots.before.process.limits.as | .hard - .soft) / 1024'
enomem run --set rlimit.as=64M:64M ulimit-v --format json
check_json "no room below the hard limit" "EXACT false" \
	'"\(.verdict) \(.pushes[] | select(.kind == "limit" and .resource == "as") | .made)"'
enomem run --set rlimit.data=+1M many-mmaps -p protection=write --format json
check_exact "data" 1
check_json "data" "rlimit-data 256" '"\(.cause.check) \(.refusal.accepted)"'
enomem run --set rlimit.stack=unlimited oversized-mmap many-mmaps --format json
check_exact "ulimit -s unlimited" 2
enomem run --set rlimit.nproc=2 big-fork --format json
check_exact "processes" 1
check_json "processes" "EAGAIN rlimit-nproc 0" '"\(.refusal.errno) \(.cause.check) \(.refusal.accepted)"'
enomem run --set rlimit.nproc=3 big-fork --format json
check_exact "one process more" 1
check_json "one process more" "commit-heuristic-fork" .cause.check

# ---- The matrix: environment, configuration, scenario, repeat, in this order
enomem run --config a --config b:rlimit.as=1G --set rlimit.data=512M -r 2 ulimit-v many-mmaps --at-most 50 --format json
check "matrix: order" "a:many-mmaps:1 a:many-mmaps:2 a:ulimit-v:1 a:ulimit-v:2 b:many-mmaps:1 b:many-mmaps:2 b:ulimit-v:1 b:ulimit-v:2" \
	"$(json '"\(.configuration):\(.scenario):\(.repeat)"' | paste -sd ' ')"
check "matrix: --set is in each" 8 "$(json '.settings["rlimit.data"]' | grep -c 536870912)"
cat >"$scratch/plan.yaml" <<-'END'
	scenarios: [many-mmaps, {name: big-fork, parameters: {vmas: 2}}, {name: big-fork, parameters: {vmas: 3}}]
	configurations:
	  plain: {}
	  maps: {vm.max_map_count: 1024}
	environments: [ns, host]
END
enomem run --plan "$scratch/plan.yaml" --dry-run --format json
check_status "plan" 0
check "plan: cells" 12 "$(wc -l <"$scratch/out")"
check "plan: parameters" "2 3" "$(json 'select(.scenario == "big-fork") | .parameters.vmas' | sort -u | paste -sd ' ')"
check "plan: what ns cannot set" 3 \
	"$(json 'select(.environment == "ns" and .configuration == "maps") | .reason' | grep -c 'cannot set vm.max_map_count in environment ns; host can')"
# Predicted as if it were set, from the numbers of the program here.
check "plan: predicted for the host: the limit and one" 1025 \
	"$(json 'select(.scenario == "many-mmaps" and .environment == "host" and .configuration == "maps") | .prediction.accepted + .snapshots.before.process.map_count')"
enomem run --plan core --dry-run
check_status "core, imagined" 0
check_has "core, imagined" "vm.max_map_count: now $(</proc/sys/vm/max_map_count); 1024, 65530, 262144, 1048576" out
check_has "core, imagined" "85 cells, about" out
check_lacks "core, imagined" BROKEN out
enomem run --plan "$source_tree/plans/example.yaml" --dry-run
check_status "the example" 0

# ---- A configuration as people have it
printf '%s\n' '# ours' 'net.core.somaxconn = 4096' 'vm.max_map_count = 262144' >"$scratch/99-mine.conf"
enomem run --sysctl-file "$scratch/99-mine.conf" --dry-run many-mmaps --format json
check_status "sysctl file" 0
check_json "sysctl file" "99-mine host 262144" '"\(.configuration) \(.environment) \(.settings["vm.max_map_count"])"'
check_has "sysctl file" "1 other settings of the sysctl files are left alone"

# ---- What is refused, before anything is begun
refused() { # WHAT TEXT ADVICE ARGUMENT...
	enomem run "${@:4}" -o "$scratch/none"
	check_status "$1" 2
	check_has "$1" "$2"
	check_has "$1: advice" "$3"
	check "$1: nothing is done" "" "$(cat "$scratch/out" "$scratch/none" 2>/dev/null)"
}
refused "needs the host" "cannot set vm.max_map_count of configuration \"set\" in environment ns" "environment host can" \
	--set vm.max_map_count=262144 many-mmaps
refused "not permitted" "cannot use environment host" "--allow-host-changes permits that" --env host many-mmaps
refused "unknown knob" 'cannot use --set vm.max_mapcount=5: there is no knob "vm.max_mapcount"' 'did you mean "vm.max_map_count"?' \
	--set vm.max_mapcount=5
refused "range" 'vm.overcommit_memory takes 0 to 2, not "3"' "list --knobs" --set vm.overcommit_memory=3 --dry-run
refused "no value" '"rlimit.as" is not KNOB=VALUE' "vm.max_map_count=262144" --set rlimit.as
refused "two of a name" 'cannot use two configurations named "a"' "another name" --config a --config a:rlimit.as=1G
refused "a name that is none" '"a/b" cannot be the name of a configuration' "letters" --config a/b
refused "environment" "cannot use --env hots" 'did you mean "host"?' --env hots
refused "vm without a kernel" "cannot use --env vm: environment vm has no kernel" "enomem kernels list" --env vm
refused "plan" 'cannot use plan "cores"' 'the built-in plans are "core" and "kernels"' --plan cores
refused "ratio and kbytes" "cannot both be set" "keep the one" --dry-run \
	--set vm.overcommit_ratio=50 --config a:vm.overcommit_kbytes=4096
refused "the limit twice" 'both the parameter "limit" and rlimit.as are given' "" --set rlimit.as=1G ulimit-v -p limit=2G
refused "out of the parameter's range" 'rlimit.as is out of the range of its parameter "limit"' "" --set rlimit.as=9000T ulimit-v
refused "many cells" "cannot begin $((${#scenarios[@]} * 100000)) cells unasked" "--yes" -r 100000
refused "too many cells" "cannot plan more than 10000000 runs" "fewer" -r 100000 \
	$(for i in $(seq 25); do echo "--config c$i"; done) --yes
while IFS=$'\t' read -r file text advice; do
	refused "$file" "$text" "$advice" --plan "$source_tree/tests/plans/bad/$file"
done <"$source_tree/tests/plans/expected"
while IFS=$'\t' read -r file text advice; do
	refused "$file" "$text" "$advice" --sysctl-file "$source_tree/tests/sysctl/bad/$file"
done <"$source_tree/tests/sysctl/expected"

# Uid and ipc settings are root's to give; nobody else's cells ask for them.
if is_root; then
	enomem_test run spy -p on=shmmax --set kernel.shmmax=4096 --set uid=1234 --format json
	check "ipc namespace of the cell: shmmax" "4096 1234" "$(json '"\(.refusal.pages) \(.isolation.uid)"')"
	enomem_test run spy -p on=shmall --set kernel.shmall=77 --format json
	check "ipc namespace of the cell: shmall" 77 "$(json .refusal.pages)"
	enomem run --set uid=0 many-mmaps --format json
	check "uid 0 in ns" SKIP "$(json .verdict)"
else
	for setting in kernel.shmmax=4096 uid=1 uid=0; do
		enomem run --set $setting many-mmaps --format json
		check_status "$setting" 77
		check "$setting" SKIP "$(json .verdict)"
	done
	refused "host without root" "only root can" "--dry-run" --allow-host-changes --set vm.max_map_count=1024
fi

enomem list --knobs
check_status "list --knobs" 0
check_has "list --knobs" "vm.overcommit_kbytes" out
enomem list --knobs --json
check "list --knobs --json" 27 "$(jq length "$scratch/out")"
check "each says who shares it, where it is set, how it is put back and what it moves" true \
	"$(jq 'all(.[]; .scope and (.environments | length) and .put_back and .moves)' "$scratch/out")"
enomem restore
check_status "restore" 0
check_has "restore" "nothing to put back" out
check "nothing of this machine was changed" "$before" "$(limits_now)"
finish
