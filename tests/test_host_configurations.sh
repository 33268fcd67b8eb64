#!/bin/bash
# Configurations of this host: predicted, measured, compared with independent programs under the same settings,
# proved by raising the knob itself; and put back.
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/host.sh"
allow=--allow-host-changes

# ---- Each knob of the machine does what it says
enomem_host run $allow --config a:vm.max_map_count=5000 --config b:vm.max_map_count=100000 many-mmaps mprotect-splits --format json
check_exact "map limits" 4
check "map limits: counts at the refusal" "5001 100001" \
	"$(json 'select(.scenario == "many-mmaps") | .snapshots.at_refusal.process.map_count' | paste -sd ' ')"
check_json "map limits: raised by seven operations' worth, seven more" "7 7" \
	'.pushes[] | select(.kind == "knob" and .knob == "vm.max_map_count") | "\(.predicted_more) \(.more)"'
check_restored "map limits"
echo 5000 >/proc/sys/vm/max_map_count
probe many-mmaps anonymous 1
restore
check "map limits: the probe's count" 5001 "$(field map_count_at_refusal)"

# Mode 2: to the page, with and without CAP_SYS_ADMIN, by ratio and by kbytes. What others commit in the middle of a
# run moves it, and the tool then says so.
strict=vm.overcommit_memory=2
enomem_host run $allow --config ratio:$strict,vm.overcommit_ratio=80 --config kbytes:$strict,vm.overcommit_kbytes=8388608 \
	--config reserve:$strict,vm.overcommit_ratio=80,vm.admin_reserve_kbytes=65536 \
	--config admin:$strict,vm.overcommit_ratio=80,caps=cap_sys_admin oversized-mmap big-fork -r 3 --format json
check_status "mode 2" 0
check_json "mode 2" "EXACT true" '"\(.verdict) \(.expected)"'
check_json "mode 2: exact, or off by no more than what others moved" true '.difference == 0 or .disturbance_pages > 0'
largest() { json "select(.configuration == \"$1\" and .scenario == \"oversized-mmap\" and .disturbance_pages == 0) | .cause.limit" | sort -u; }
page_kib=$(json '.host.page_bytes / 1024' | head -n 1)
check "mode 2: the administrator's reserve" $((originals[4] / page_kib)) $(($(largest admin) - $(largest ratio)))
check "mode 2: another reserve" $((65536 / page_kib)) $(($(largest admin) - $(largest reserve)))
check "mode 2: kbytes" 8388608 "$(json 'select(.configuration == "kbytes") | .snapshots.before.machine.commit_limit_kib - .snapshots.before.machine.swap_total_kib' | sort -u)"
check "mode 2: the commit limit itself is raised" "7" \
	"$(json 'select(.scenario == "oversized-mmap" and .disturbance_pages == 0) | .pushes[] | select(.knob == "vm.overcommit_kbytes") | .more' | sort -u)"
check_restored "mode 2"

# Swap is RAM + swap in mode 0; the file's first page is its header.
enomem_host run $allow --config none --config swap:swap=64M oversized-mmap --format json
check_exact "swap" 2
check "swap" 16383 "$(json -s '.[1].refusal.accepted - .[0].refusal.accepted')"
check_restored "swap"

# Cgroups: pids.max refuses the fork, memory.max kills.
if [ -e /sys/fs/cgroup/cgroup.controllers ] || [ -d /sys/fs/cgroup/pids ]; then
	enomem_host run $allow --set cgroup.pids.max=1 big-fork --format json
	check_exact "pids.max" 1
	check_json "pids.max" "EAGAIN cgroup-pids" '"\(.refusal.errno) \(.cause.check)"'
	enomem_host run $allow --set cgroup.memory.max=8M many-mmaps --format json
	check_status "memory.max" 1
	check_json "memory.max" KILLED .verdict
	check_restored "cgroups"
fi
enomem_host run $allow --set vm.nr_hugepages=4 --set $strict oversized-mmap --format json
check_status "huge pages" 0
check_json "huge pages" 8192 .snapshots.before.machine.hugetlb_kib
enomem_host run $allow --set kernel.pid_max=30000 --set kernel.threads-max=50000 many-mmaps --at-most 10 --format json
check_status "process numbers" 0
check_restored "huge pages and process numbers"
enomem_host run $allow --set uid=0 --set caps=cap_sys_admin+cap_ipc_lock many-mmaps --at-most 10 --format json
check_json "uid and capabilities" "0 2113536" '"\(.isolation.uid) \(.snapshots.before.process.cap_effective)"'

# ---- The whole core plan
enomem_host run --plan core $allow -o "$scratch/core" --format json
check_status "core plan" 0
check "core plan: cells" 85 "$(wc -l <"$scratch/core")"
check_json "core plan" EXACT .verdict
check_json "core plan: model and push" "agrees agrees" \
	'select(.cause.check != "address-space") | "\(.evidence.model) \(.evidence.push)"'
check_restored "core plan"

# ---- Two at once: the second waits, and neither sees the other's settings
"$ENOMEM_BIN" run $allow --config a:vm.max_map_count=20000 -r 4 many-mmaps --format json >"$scratch/first" {life}>&- &
until_true 10 test -s /var/lib/enomem/journal || fail "two at once" "a journal" "none"
enomem_host run $allow --config b:vm.max_map_count=10000 -r 2 many-mmaps --format json
check_exact "two at once: the second" 2
check_has "two at once: says for whom it waits" "enomem: waiting: process "
wait
check "two at once: limits of each" "20000 10000" \
	"$(jq -s '[.[].snapshots.before.machine.max_map_count] | unique | .[]' "$scratch/first" | paste -sd ' ') $(json -s '[.[].snapshots.before.machine.max_map_count] | unique | .[]')"
check "two at once: the first" EXACT "$(jq -r .verdict "$scratch/first" | sort -u)"
"$ENOMEM_BIN" run $allow --config a:vm.max_map_count=20000 -r 4 many-mmaps --format json >"$scratch/first" {life}>&- &
until_true 10 test -s /var/lib/enomem/journal || fail "one that changes nothing" "a journal" "none"
enomem_host run many-mmaps --format json
check_exact "one that changes nothing" 1
check_json "one that changes nothing: this host as it was" "${originals[3]}" .snapshots.before.machine.max_map_count
wait
check_restored "two at once"

# ---- Values below what is in use are refused, with who uses them
enomem_host run $allow --set vm.max_map_count=20 many-mmaps
check_status "below use" 2
check_has "below use" "running processes have more maps: process "
check_has "below use" "--below-use"
enomem_host run $allow --set $strict --set vm.overcommit_ratio=0 many-mmaps
check_status "commit below use" 2
check_has "commit below use" "running processes have committed"
check_restored "below use"

# ---- Somebody else's change is theirs
"$ENOMEM_BIN" run $allow --config a:vm.max_map_count=20000 -r 20 many-mmaps --format json >"$scratch/first" {life}>&- &
until_true 10 test -s "$scratch/first" || fail "a foreign change" "a result" "none"
echo 54321 >/proc/sys/vm/max_map_count
kill -KILL $! && wait $! 2>/dev/null || true
until_true 20 test ! -e /var/lib/enomem/journal || fail "a foreign change" "no journal" "$(cat /var/lib/enomem/journal)"
check "a foreign change stays" 54321 "$(</proc/sys/vm/max_map_count)"
restore
check_restored "a foreign change"

# A journal of an earlier boot: its sysctls went with it, its files did not.
mkdir -p /var/lib/enomem
printf 'enomem 1 00000000-0000-0000-0000-000000000000\nsysctl vm/max_map_count 12345 %s\nswap /var/lib/enomem/enomem-swap-1\nswap /etc/passwd\n' \
	"${originals[3]}" >/var/lib/enomem/journal
touch /var/lib/enomem/enomem-swap-1
enomem_host restore
check_status "after a power loss" 0
check_has "after a power loss" "/var/lib/enomem/enomem-swap-1 removed" out
[ -e /etc/passwd ] || fail "after a power loss" "/etc/passwd" "gone"
check_restored "after a power loss"

# Ctrl-C: finished results stay, and everything is put back.
"$ENOMEM_BIN" run $allow --config a:vm.max_map_count=20000 -r 50 many-mmaps --format json >"$scratch/first" 2>"$scratch/err" {life}>&- &
runner=$!
until_true 10 test -s "$scratch/first" || fail "Ctrl-C" "a result" "none"
kill -INT $runner
status=0
wait $runner || status=$?
check_status "Ctrl-C" 130
check "Ctrl-C: whole results" EXACT "$(jq -r .verdict "$scratch/first" | sort -u)"
check_restored "Ctrl-C"
finish
