#!/bin/bash
# Where user namespaces, or all namespaces, or root's own rights are missing: auto goes without and says
# so, namespaces refuses, none works; and the measurement is as exact.
. "$(dirname -- "$0")/lib.sh"
page_run=(run ulimit-v many-mmaps)

# cases WHAT MISSING WRAPPER...: the tool under a wrapper that takes something away.
cases() {
	local what=$1 missing=$2
	shift 2
	run "$@" "$ENOMEM_BIN" "${page_run[@]}" --format json
	check_exact "$what, auto" 2
	check_json "$what, auto" true ".isolation.missing != null and (.isolation.missing | test(\"$missing\"))"
	check_json "$what, auto" false '.isolation.namespaces | contains(["user"])'
	run "$@" "$ENOMEM_BIN" "${page_run[@]}"
	check_status "$what, auto as text" 0
	check_has "$what, auto as text" "Isolation not obtained: " out
	run "$@" "$ENOMEM_BIN" "${page_run[@]}" --isolation=namespaces -o "$scratch/unwanted"
	check_status "$what, namespaces" 2
	check_has "$what, namespaces" "enomem: cannot isolate: "
	check_has "$what, namespaces" "user namespace"
	check "$what, namespaces: stdout" "" "$(cat "$scratch/out")"
	check "$what, namespaces: files" "" "$(find "$scratch/unwanted" 2>/dev/null)"
	run "$@" "$ENOMEM_BIN" "${page_run[@]}" --format json --isolation=none
	check_exact "$what, none" 2
	check_json "$what, none" "" '.isolation.namespaces | join(" ")'
	run "$@" "$ENOMEM_BIN" run --dry-run
	check_status "$what, dry run" 0
	run "$@" "$ENOMEM_BIN" explain big-fork
	check_status "$what, explain" 0
}

# A user namespace that allows no further one (this sysctl belongs to it, not to the host), and in it
# either all capabilities or none. Real root would be root there too: as an ordinary user first.
user=()
! is_root || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
tries() { "${user[@]}" "$@" true 2>/dev/null; }
no_more=(unshare --user --map-root-user bash -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' bash)
no_caps=(setpriv --bounding-set=-all --inh-caps=-all)

if ! is_root || "${user[@]}" test -x "$ENOMEM_BIN"; then
	if tries "${no_more[@]}"; then
		cases "no more user namespaces, with capabilities" 'user namespace \\(ENOSPC\\)' "${user[@]}" "${no_more[@]}"
		cases "no namespaces at all" 'user namespace .*pid and mount.*ipc.*uts.*network.*cgroup' \
			"${user[@]}" "${no_more[@]}" "${no_caps[@]}"
	elif ! has_userns; then
		cases "this system" 'user namespace' "${user[@]}"
	fi
fi

if is_root; then
	# The kernel refuses user namespaces to a process in a chroot; real root can have the others.
	chrooted=(unshare --mount bash -c 'mount --rbind / /mnt && exec chroot /mnt "$@"' bash)
	if "${chrooted[@]}" true 2>/dev/null; then
		cases "chroot" 'user namespace \\(EPERM\\)' "${chrooted[@]}"
		run "${chrooted[@]}" "$ENOMEM_BIN" run ulimit-v --format json
		check_json "chroot: root is dropped all the same" "65534 true true" \
			'"\(.isolation.uid) \(.isolation.uid_dropped) \(.isolation.own_proc)"'
	fi
	# Root of a container without any capability: it cannot even drop root.
	cases "root without capabilities" 'unprivileged uid' unshare --user --map-root-user bash -c \
		'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' bash "${no_caps[@]}"
fi

[ "$checks" -gt 0 ] || skip "no way to take user namespaces away here"
finish
