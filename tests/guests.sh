# What the tests with guests have in common; `. "$(dirname -- "$0")/guests.sh"` after lib.sh.
# shellcheck shell=bash

# need_kernels NAME...: in the cache, or fetched now; without QEMU or the archive there is nothing to test.
need_kernels() {
	command -v qemu-system-x86_64 >/dev/null || skip "no qemu-system-x86_64 (package qemu-system-x86)"
	enomem kernels fetch "$@"
	if [ "$status" -ne 0 ]; then
		grep -qF "offline" "$scratch/err" && skip "Debian's archive cannot be reached"
		fail "fetch $*" "status 0" "$status"
		finish
	fi
}

# qemus: the guests of this test that are alive.
qemus() { pgrep -f -- "qemu.*$1" || true; }

# fake_qemu NAME: a program that stands for QEMU, from stdin; $ENOMEM_QEMU then names it.
fake_qemu() {
	printf '#!/bin/bash\n' >"$scratch/$1"
	cat >>"$scratch/$1"
	chmod +x "$scratch/$1"
	export ENOMEM_QEMU=$scratch/$1
}
