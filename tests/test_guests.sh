#!/bin/bash
# Cells in guests with other kernels: exact on each, under settings that would be global on a host, in shapes
# that this host has not.
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/guests.sh"

# All four where it is the tool that is tested, one where it is its sanitizers or its privileges.
kernels=(5.10 6.1 6.12 7.2)
if sanitized || ! is_root; then kernels=(6.12); fi
need_kernels "${kernels[@]/#/debian:}"
environments=$(printf 'vm:debian:%s,' "${kernels[@]}")
environments=${environments%,}

# Names of knobs with a comma in between stand in one configuration.
configurations=(
	--config maps:vm.max_map_count=1000
	--config strict:vm.max_map_count=1000,vm.overcommit_memory=2,vm.overcommit_ratio=80
	--config strict-admin:vm.max_map_count=1000,vm.overcommit_memory=2,caps=cap_sys_admin
	--config kbytes:vm.max_map_count=1000,vm.overcommit_memory=2,vm.overcommit_kbytes=1000000
	--config limit:vm.max_map_count=2000,rlimit.as=64M
)
before=$(cat /proc/sys/vm/{max_map_count,overcommit_memory,overcommit_ratio,overcommit_kbytes})
enomem run --env "$environments" -j 2 --witness "${configurations[@]}" --format json "${scenarios[@]}"
check_exact "guests" $((${#kernels[@]} * 5 * ${#scenarios[@]}))
check_json "guests" "$(printf '%s\n' "${kernels[@]/#/vm:debian:}" | sort | paste -sd ' ')" .environment
check_json "one boot each" 1 .guest.boots
check_json "the guest's kernel is a witness" agrees .evidence.witness
check_json "it names a function" true '.witness.function | length > 0'
check "nothing of this host is changed" "$before" \
	"$(cat /proc/sys/vm/{max_map_count,overcommit_memory,overcommit_ratio,overcommit_kbytes})"
check "the kernel is the guest's" "true" "$(jq -s 'all(.[]; . as $r | .kernel == .host.kernel and
	($r.kernel | startswith(($r.environment | sub("vm:debian:"; "")) + ".")))' "$scratch/out")"
check "its mode was in force" "2" \
	"$(json 'select(.configuration | test("strict|kbytes")) | .snapshots.before.machine.overcommit_memory' | sort -u)"
check "pushes by the knob itself" "true" \
	"$(jq -s '[.[] | select(.scenario == "many-mmaps" and .configuration == "maps") | .pushes[]
		| select(.knob == "vm.max_map_count") | .more == 7] | length > 0 and all' "$scratch/out")"

# A shape: memory, swap, CPUs, nodes.
last=${kernels[-1]}
enomem run --env "vm:debian:$last" --set guest.memory=512M --set guest.swap=256M --set guest.numa=2 --set guest.cpus=2 \
	--set guest.cmdline=transparent_hugepage=never --config a --config b:vm.overcommit_memory=2 oversized-mmap big-fork \
	--format json
check_exact "a shape" 4
check_json "a shape" "262140 2 2 1" \
	'"\(.host.numbers.swap_total_kib) \(.host.topology.processing_units) \(.host.topology.numa_nodes) \(.guest.boots)"'
check_json "a shape" "transparent_hugepage=never" .guest.cmdline
check "RAM + swap is the limit" "true" "$(jq -s '[.[] | select(.configuration == "a" and .scenario == "oversized-mmap")
	| .refusal.accepted == (.host.numbers.mem_total_kib + .host.numbers.swap_total_kib) / 4] | all' "$scratch/out")"

# cgroups are the guest's own.
enomem run --env "vm:debian:$last" --set cgroup.pids.max=64 --set vm.overcommit_memory=1 big-fork --at-most 1000 --format json
check_json "cgroup v2" "NO-REFUSAL" .verdict

# Repeats, in one boot, are the same but for what the address space decides.
enomem run --env "vm:debian:$last" --set vm.max_map_count=1000 -r 5 many-mmaps mprotect-splits --format json
check_exact "repeated" 10
check "repeated: always the same" 2 "$(json '"\(.scenario) \(.refusal.accepted)"' | sort -u | wc -l)"

# Predictions alone, read from programs in the guest.
enomem run --env "vm:debian:$last" --set vm.max_map_count=1000 --dry-run many-mmaps
check_status "dry run" 0
check_has "dry run" "no request was made" out
check_has "dry run" "map-count" out

# What a guest has not is a reason to skip, and said.
enomem run --env "vm:debian:$last" --set swap=64M many-mmaps
check_status "swap files are a host's" 2
check_has "swap files are a host's" "environment host can"
enomem run --set guest.memory=1G many-mmaps
check_status "guest knobs are a guest's" 2
check_has "guest knobs are a guest's" "environment vm can"

# A baseline is the same again, and each kernel is as its golden file says.
cells=(--env "vm:debian:$last" --witness --set vm.max_map_count=1000 --config a --config b:vm.overcommit_memory=2)
enomem run "${cells[@]}" --baseline "$scratch/first.jsonl"
check_status "baseline" 0
enomem run "${cells[@]}" --baseline "$scratch/second.jsonl"
check "baselines are the same bytes" "$(sha256sum <"$scratch/first.jsonl")" "$(sha256sum <"$scratch/second.jsonl")"
golden=$source_tree/results/golden/linux-$last.jsonl
if [ "${#kernels[@]}" -gt 1 ]; then
	enomem run --env "vm:debian:$last" --plan kernels --witness --against "$golden"
	check_status "against the golden file" 0
fi

finish
