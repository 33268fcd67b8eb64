#!/bin/bash
# Guests that die, hang, lie or cannot be: each is said, retried once, and never taken for a result.
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/guests.sh"
[ -z "${ENOMEM_BRIEF-}" ] || skip "guests that die do so alike for every user"
need_kernels debian:6.12
cells=(--env vm:debian:6.12 --set vm.max_map_count=1000 many-mmaps oversized-mmap --format json)

# What a good guest says, to be played back with damage.
fake_qemu record <<END
exec qemu-system-x86_64 "\$@" > >(tee "$scratch/said")
END
enomem run "${cells[@]}"
check_exact "recorded" 2

fake_qemu play <<END
cat "$scratch/said"
END
enomem run "${cells[@]}"
check_exact "played back" 2

# broken WHAT FRAGMENT: every cell is BROKEN after two boots, and why is said.
broken() {
	check_status "$1" 3
	check_json "$1" "BROKEN" .verdict
	check_has "$1" "$2" out
	check_has "$1" "it is started again"
	check "$1: boots" 2 "$(json .guest.boots | head -n 1)"
}

# One bit of one byte.
sed 's/"index":0/"index":1/' "$scratch/said" >"$scratch/damaged"
fake_qemu damaged <<END
cat "$scratch/damaged"
END
enomem run "${cells[@]}"
broken "damaged" "damaged record"

fake_qemu silent <<'END'
END
enomem run "${cells[@]}"
broken "ends at once" "it died"

fake_qemu chatty <<'END'
yes '{"crc32":"00000000","hello":{}}' | head -c 100000
END
enomem run "${cells[@]}"
broken "nonsense" "damaged record"

fake_qemu endless <<'END'
head -c 100000000 /dev/zero
END
enomem run "${cells[@]}"
broken "a line without an end" "it died"

# Dies at a cell: the other one is still measured.
fake_qemu dies <<END
if grep -q many-mmaps <(tr -d '\0' </proc/self/fd/10); then head -n 2 "$scratch/said"; else exec qemu-system-x86_64 "\$@"; fi
END
enomem run "${cells[@]}"
check_status "dies at a cell" 3
check "dies at a cell: the others" "many-mmaps BROKEN oversized-mmap EXACT" "$(json '"\(.scenario) \(.verdict)"' | sort | paste -sd ' ')"

# Dies once: nothing is lost but time, and that is said.
fake_qemu once <<END
if mkdir "$scratch/tried" 2>/dev/null; then head -n 3 "$scratch/said"; else exec qemu-system-x86_64 "\$@"; fi
END
enomem run "${cells[@]}"
check_exact "dies once" 2
check_has "dies once" "it is started again"
check "dies once: boots" "1 2" "$(json .guest.boots | paste -sd ' ')"

# A real panic: its own words are shown.
unset ENOMEM_QEMU
enomem run --env vm:debian:6.12 --set 'guest.cmdline=rdinit=/nothing init=/nothing' many-mmaps --format json
broken "a panic" "Kernel panic"
enomem run --env vm:debian:6.12 --set guest.memory=32M oversized-mmap --format json
check_status "too little memory" 3
check_has "too little memory" "guest.memory=256M" out

# Nothing is begun without what is needed.
bad() {
	enomem "${@:3}"
	check_status "$1" 2
	check_has "$1" "$2"
}
printf 'this is no kernel, but a text\n' >"$scratch/text"
: >"$scratch/empty"
{ printf '\177ELF\002\001\001'; head -c 9 /dev/zero; printf '\002\000\267\000'; head -c 100 /dev/zero; } >"$scratch/arm64-elf"
bad "a text" "neither a bzImage nor a vmlinux" run --env "vm:$scratch/text"
bad "an empty file" "it is empty" run --env "vm:$scratch/empty"
bad "arm64's vmlinux" "another machine" run --env "vm:$scratch/arm64-elf"
bad "a directory" "Is a directory" run --env "vm:$scratch"
bad "no such file" "No such file" run --env "vm:$scratch/nothing"
bad "not fetched" "enomem kernels fetch debian:4.19" run --env vm:debian:4.19
bad "one of several is missing" "debian:4.19" run --env vm:debian:6.12,vm:debian:4.19 many-mmaps
check_lacks "one of several is missing" "many-mmaps" out
ENOMEM_QEMU=$scratch/nothing bad "no QEMU" "qemu-system-x86" run --env vm:debian:6.12

# KVM is tried, with a deadline, and once: a device that can be opened does not mean that guests run.
if is_root && unshare --mount true 2>/dev/null; then
	fake_qemu hangs <<END
case "\$*" in
*"-accel kvm"*) echo tried >>"$scratch/kvm"; exec sleep 1000 ;;
*) exec qemu-system-x86_64 "\$@" ;;
esac
END
	with_kvm() {
		run env XDG_CACHE_HOME="$scratch/xdg" unshare --mount sh -c 'mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 &&
			: >/dev/kvm && exec "$@"' sh "$ENOMEM_BIN" run --env "vm:$1" --format json oversized-mmap
	}
	mkdir "$scratch/xdg"
	image=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/enomem/kernels" -path '*6.12*' -name vmlinux)
	with_kvm "$image"
	check_exact "KVM hangs" 1
	check_json "KVM hangs" TCG .guest.accelerator
	with_kvm "$image"
	check_exact "KVM hung before" 1
	check "KVM is tried once" 1 "$(wc -l <"$scratch/kvm")"
	unset ENOMEM_QEMU
fi

# Nothing is left of a runner that is interrupted or killed.
for signal in INT KILL; do
	env --default-signal=INT "$ENOMEM_BIN" run --env vm:debian:6.12 --set "guest.cmdline=mark=$scratch" many-mmaps -r 1000 \
		>"$scratch/out" 2>"$scratch/err" &
	runner=$!
	running() { [ -n "$(qemus "mark=$scratch")" ]; }
	gone() { [ -z "$(qemus "mark=$scratch")" ]; }
	until_true 30 running || fail "SIG$signal" "a guest" "none"
	kill -$signal "$runner"
	wait "$runner" || status=$?
	checks=$((checks + 1))
	until_true 5 gone || fail "SIG$signal: guests left" "" "$(qemus "mark=$scratch")"
done

finish
