# For tests that change settings of this host: only where ENOMEM_TEST_HOST=1 says that this host may be changed,
# and as real root. Whatever ends the test, even SIGKILL, the settings are put back. Source it after lib.sh.
# shellcheck shell=bash source=lib.sh
[ "${ENOMEM_TEST_HOST:-0}" = 1 ] || skip "would change vm.* of this host; ENOMEM_TEST_HOST=1 allows it"
{ is_root && [ -w /proc/sys/vm/max_map_count ]; } || skip "only root can change vm.*"
! sanitized || skip "ASan cannot run in vm.overcommit_memory 2"
[ ! -e /var/lib/enomem/journal ] || "$ENOMEM_BIN" restore

# In an order that works: what is written last of ratio and kbytes makes the other 0.
names=(overcommit_memory overcommit_kbytes overcommit_ratio max_map_count admin_reserve_kbytes user_reserve_kbytes
	nr_hugepages)
originals=()
for name in "${names[@]}"; do originals+=("$(<"/proc/sys/vm/$name")"); done

# Builtins only: under a small map limit nothing can be executed.
restore() {
	local i
	for i in "${!names[@]}"; do
		[ "$(<"/proc/sys/vm/${names[i]}")" = "${originals[i]}" ] || echo "${originals[i]}" >"/proc/sys/vm/${names[i]}"
	done
}

# A guardian outside this process tree restores when the other end of the pipe closes.
mkfifo "$scratch/life"
export -f restore
setsid --fork env NAMES="${names[*]}" ORIGINALS="${originals[*]}" bash -c \
	'read -ra names <<<"$NAMES"; read -ra originals <<<"$ORIGINALS"; trap "" INT TERM HUP; read -r _; restore' \
	<"$scratch/life" >/dev/null 2>&1 &
exec {life}>"$scratch/life"
trap 'code=$?; restore; leave "$code"' EXIT
trap 'exit 130' INT TERM HUP

# What of this host could have been left changed, one fact a line.
host_state() {
	local name
	for name in "${names[@]}"; do echo "vm.$name=$(<"/proc/sys/vm/$name")"; done
	for name in pid_max threads-max shmall shmmax; do echo "kernel.$name=$(<"/proc/sys/kernel/$name")"; done
	cat /proc/swaps
	find /var/lib/enomem -mindepth 1 2>/dev/null || true
	find /sys/fs/cgroup -type d -name 'enomem-*' 2>/dev/null || true
	sort /proc/self/mountinfo
}
host_state >"$scratch/state"

is_restored() { host_state | cmp -s - "$scratch/state"; }

# check_restored WHAT
check_restored() {
	checks=$((checks + 1))
	is_restored || fail "$1: left changed" "nothing" "$(host_state | diff "$scratch/state" - || true)"
}

# Runs of the tool must not hold the pipe of the guardian above. In mode 2 a program that starts and ends
# meanwhile moves a refusal and leaves no trace; the tool then says to run it again, which is done twice.
enomem_host() {
	local try
	for try in 1 2 3; do
		run "$ENOMEM_BIN" "$@" {life}>&-
		{ [ "$status" -eq 1 ] && grep -q 'run it again' "$scratch/out"; } || break
		[ "$try" -eq 3 ] || sleep 1
	done
}
