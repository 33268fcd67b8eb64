#!/bin/bash
# Kernels: what is refused as one, the cache, and fetching, from an archive made here: signed, not signed, signed by somebody
# else, with a package that was changed; offline, interrupted, several at once. A fetch from Debian's own comes last.
. "$(dirname -- "$0")/lib.sh"
. "$(dirname -- "$0")/mirror.sh"

export XDG_CACHE_HOME=$scratch/cache
unset ENOMEM_DEBIAN_MIRROR ENOMEM_DEBIAN_KEYRING
cache=$XDG_CACHE_HOME/enomem

# nothing_stored WHAT: no kernel, and nothing half done.
nothing_stored() {
	check "$1: kernels in the cache" "" "$(find "$cache/kernels" "$cache/apt/incoming" -mindepth 1 2>/dev/null)"
}

# ---- Usage
enomem kernels
check_status "kernels" 2
for help in "kernels --help" "kernels list --help" "kernels fetch --help" "kernels show --help" "kernels verify --help"; do
	# shellcheck disable=SC2086
	enomem $help
	check_status "$help" 0
	check_has "$help" "Usage: enomem kernels" out
done
enomem kernels lits
check_status "kernels lits" 2
check_has "kernels lits" 'did you mean "enomem kernels list"?'
enomem kernels fetch
check_status "fetch nothing" 2
for name in debian: debian:x debian:7.2/../x 7.2 ./vmlinuz; do
	enomem kernels fetch "$name"
	check_status "fetch $name" 2
	check_has "fetch $name" "debian:6.12"
done
enomem kernels list
check_status "an empty list" 0
enomem kernels verify
check_status "verify nothing" 0
run env -u XDG_CACHE_HOME -u HOME "$ENOMEM_BIN" kernels list
check_status "no home" 2
check_has "no home" "XDG_CACHE_HOME"
check "nothing was made" "" "$(find "$XDG_CACHE_HOME" 2>/dev/null)"

# ---- Images: what is none, and one that is
mkdir -- "$scratch/directory"
: >"$scratch/empty"
head -c 100000 /dev/urandom >"$scratch/garbage"
mkfifo -- "$scratch/fifo"
make_bzimage "$scratch/bzimage" 6.18.44-own 1
head -c 2700 "$scratch/bzimage" >"$scratch/short"
while IFS='|' read -r file words; do
	enomem kernels show "$scratch/$file"
	check_status "$file" 2
	check_has "$file" "$words"
done <<'END'
directory|Is a directory
empty|it is empty
garbage|it is neither a bzImage nor a vmlinux
gnupg-is-not-there|No such file or directory
fifo|it is no regular file
short|it is cut off
END
enomem kernels show "$0" /bin/true debian:6.1
check_has "a text file" "$0 as a kernel: it is neither"
check_has "a program" "no Linux kernel"
check_has "not fetched" "enomem kernels fetch debian:6.1"
nothing_stored "no kernel"
for i in 1 2; do
	enomem kernels show "$scratch/bzimage"
	check_status "bzImage" 0
	check_has "bzImage" "6.18.44-own, boots $cache/extracted/" out
	check_has "bzImage" "/vmlinux (vmlinux, PVH)" out
done
cp -- "$scratch/bzimage" "$scratch/damaged"
put "$scratch/damaged" 2600 'damage'
enomem kernels show "$scratch/damaged"
check_status "a damaged image" 2
check_has "a damaged image" "cannot unpack the kernel in $scratch/damaged"

# ---- Mirrors and keys that are none
for bad in ftp://x "http://x y" $'http://x\ndeb' "[trusted=yes] http://x" deb.debian.org; do
	run env ENOMEM_DEBIAN_MIRROR="$bad" "$ENOMEM_BIN" kernels fetch debian:7.2
	check_status "mirror $bad" 2
	check_has "mirror $bad" "cannot use ENOMEM_DEBIAN_MIRROR"
done
run env ENOMEM_DEBIAN_KEYRING=/nonexistent "$ENOMEM_BIN" kernels fetch debian:7.2
check_status "no keyring" 2
check_has "no keyring" "debian-archive-keyring"
run env PATH=/nonexistent "$ENOMEM_BIN" kernels fetch debian:7.2
check_status "no apt" 2
check_has "no apt" "cannot run apt-get: No such file or directory"
check_has "no apt" "give the path of a kernel image"

{ command -v apt-get && command -v dpkg-deb; } >/dev/null || skip "no apt here: only what needs none was tested"

# ---- Offline
run env ENOMEM_DEBIAN_MIRROR=http://127.0.0.1:1/ "$ENOMEM_BIN" kernels fetch debian:7.2
check_status "offline" 2
check_has "offline" "Connection refused"
check_has "offline" "is this machine offline?"
check "offline: kernels" "" "$(ls "$cache/kernels" 2>/dev/null)"

command -v gpg >/dev/null || skip "no gpg here: fetching from an archive of our own was not tested"

# ---- An archive of our own
make_key ours
make_key theirs
add_package linux-image-6.1.0-50-cloud-amd64 6.1.176-1 boot/vmlinuz-6.1.0-50-cloud-amd64 6.1.0-50-cloud-amd64
add_package linux-image-6.1.0-50-cloud-amd64-unsigned 6.1.176-1 boot/vmlinuz-6.1.0-50-cloud-amd64 6.1.0-50-cloud-amd64
for release in 7.2.9 7.2.13 7.20.1; do
	add_package linux-binary-$release-cloud-amd64 $release-1 usr/lib/modules/$release-cloud-amd64/vmlinuz $release-cloud-amd64 zstd
done
add_package linux-binary-9.1.1-cloud-amd64 9.1.1-1 usr/lib/modules/x/vmlinuz 9.1.2-cloud-amd64
add_package linux-binary-9.2.1-cloud-amd64 9.2.1-1 usr/share/doc/vmlinuz 9.2.1-cloud-amd64
export ENOMEM_DEBIAN_MIRROR=file:$mirror ENOMEM_DEBIAN_KEYRING=$scratch/ours.gpg

publish none
enomem kernels fetch debian:7.2
check_status "not signed" 2
check_has "not signed" "is not signed"
nothing_stored "not signed"
publish theirs
enomem kernels fetch debian:7.2
check_status "another key" 2
check_has "another key" "NO_PUBKEY"
check_has "another key" "it is not Debian's archive"
nothing_stored "another key"
run env -u ENOMEM_DEBIAN_KEYRING "$ENOMEM_BIN" kernels fetch debian:7.2
check_status "signed, but not by Debian" 2
nothing_stored "signed, but not by Debian"
publish ours
sed -i 's/^Codename: sid$/Codename: sad/' "$mirror/dists/sid/InRelease"
enomem kernels fetch debian:7.2
check_status "a changed index" 2
nothing_stored "a changed index"
publish ours

# ---- What is there, and what is not
enomem kernels list --available
check_status "available" 0
check "available: versions" "debian:9.2 debian:9.1 debian:7.20 debian:7.2 debian:6.1" "$(awk '/^debian/ {print $1}' "$scratch/out" | paste -sd ' ')"
enomem kernels list --available --json
check "available: one of each release" "linux-image-6.1.0-50-cloud-amd64" "$(json '.available[] | select(.version == "6.1.176-1").package')"
enomem kernels fetch debian:7.2 debian:7.3
check_status "no such version" 2
check_has "no such version" "cannot fetch debian:7.3: the archive has no such version"
check_has "no such version" "6.1, 7.2, 7.20"
nothing_stored "no such version: not the other either"

# ---- Fetching
# What this machine's own apt has changed since the archive was published, as far as we may look.
host_apt() { { find /var/lib/apt /var/cache/apt -newer "$mirror/dists/sid/Release" 2>/dev/null || true; } | sort; }
entries() { find "$cache/kernels" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort; }
host_before=$(host_apt)
enomem kernels fetch debian:7.2 debian:6.1 debian:7.2.13
check_status "fetch" 0
check "fetch: said" 3 "$(grep -c ', fetched' "$scratch/out")"
check "fetch: stderr" "" "$(cat "$scratch/err")"
check "fetch: entries" "debian-6.1.0-50-cloud-amd64 debian-7.2.13-cloud-amd64" "$(entries | paste -sd ' ')"
check "fetch: what is in one" "manifest vmlinux vmlinuz" "$(find "$cache/kernels/debian-7.2.13-cloud-amd64" -type f -printf '%f\n' | sort | paste -sd ' ')"
check "fetch: no package is left" "" "$(find "$cache" -name '*.deb')"
check "fetch: the host's apt" "$host_before" "$(host_apt)"
make_vmlinux "$scratch/vmlinux" 7.2.13-cloud-amd64
check "fetch: the vmlinux" "$(sha256 "$scratch/vmlinux")" "$(sha256 "$cache/kernels/debian-7.2.13-cloud-amd64/vmlinux")"
enomem kernels list --json
check "list: names" "debian:7.2.13 debian:6.1.176" "$(json '.kernels[] | select(.source == "cache").name' | paste -sd ' ')"
enomem kernels list
check_has "list" "vmlinux, PVH, 4.0 KiB" out
enomem kernels verify
check_status "verify" 0

before=$(stat -c %i "$cache/kernels/debian-7.2.13-cloud-amd64")
enomem kernels fetch debian:7.2
check_status "again" 0
check_has "again" "already here, and the newest" out
check "again: nothing was done" "$before" "$(stat -c %i "$cache/kernels/debian-7.2.13-cloud-amd64")"

# A newer one in the archive is seen once the index is a day old, or lacks what is wanted.
add_package linux-binary-7.2.14-cloud-amd64 7.2.14-1 usr/lib/modules/7.2.14-cloud-amd64/vmlinuz 7.2.14-cloud-amd64
publish ours
enomem kernels fetch debian:7.2
check_has "a young index" "7.2.13-1, already here" out
sed -i 's/"fetched_s": [0-9]*/"fetched_s": 1000000/' "$cache/apt/index"
enomem kernels fetch debian:7.2
check_has "an old index" "7.2.14-1, fetched" out
add_package linux-binary-7.4.1-cloud-amd64 7.4.1-1 usr/lib/modules/7.4.1-cloud-amd64/vmlinuz 7.4.1-cloud-amd64
publish ours
enomem kernels fetch debian:7.4
check_has "a version that the index lacks" "7.4.1-1, fetched" out

# ---- Damage
printf x | dd of="$cache/kernels/debian-7.2.13-cloud-amd64/vmlinuz" bs=1 seek=100 conv=notrunc status=none
enomem kernels verify
check_status "verify, damaged" 1
check_has "verify, damaged" "is damaged"
check_has "verify, damaged" "enomem kernels fetch debian:7.2.13-1"
enomem kernels fetch debian:7.2.13
check_has "fetch, damaged" "7.2.13-1, fetched" out
enomem kernels verify
check_status "verify, mended" 0

# A package that is not the one of the index; one with another kernel in it; one with none.
for ((i = 0; i < 20; i++)); do printf x; done |
	dd of="$mirror/pool/linux-binary-7.20.1-cloud-amd64_7.20.1-1_amd64.deb" bs=1 seek=300 conv=notrunc status=none
stored=$(entries)
enomem kernels fetch debian:7.20 debian:7.2.9
check_status "a changed package" 2
check_has "a changed package" "cannot fetch"
check_has "a changed package" "Hash Sum mismatch"
check_has "a changed package: the other" "7.2.9-1, fetched" out
check "a changed package: stored" "debian-7.2.9-cloud-amd64" "$(entries | grep -vxF "$stored")"
enomem kernels fetch debian:9.1
check_status "another kernel" 2
check_has "another kernel" "the kernel in it is 9.1.2-cloud-amd64"
enomem kernels fetch debian:9.2
check_status "no kernel in it" 2
check_has "no kernel in it" "there is none in it"
check "nothing of them" "" "$(entries | grep debian-9 || true)"

# ---- Offline with a cache
index=$(cat "$cache/apt/index")
export ENOMEM_DEBIAN_MIRROR=http://127.0.0.1:1/
enomem kernels fetch debian:7.2
check_status "offline, but here" 0
check_has "offline, but here" "whether it is the newest is not known" out
check_has "offline, but here" "Connection refused"
enomem kernels fetch debian:7.2 debian:7.20
check_status "offline, not all here" 2
enomem kernels list
check_status "offline list" 0
export ENOMEM_DEBIAN_MIRROR=file:$mirror

# ---- Several at once
rm -rf -- "$cache/kernels"
printf '%s\n' "$index" >"$cache/apt/index"
pids=()
for i in 1 2 3 4; do
	"$ENOMEM_BIN" kernels fetch debian:7.2 debian:6.1 >"$scratch/out.$i" 2>"$scratch/err.$i" &
	pids+=($!)
done
for pid in "${pids[@]}"; do
	status=0
	wait "$pid" || status=$?
	check_status "several at once" 0
done
check "several at once: entries" 2 "$(ls -A "$cache/kernels" | wc -l)"
enomem kernels verify
check_status "several at once: verify" 0

# ---- Interrupted: the children end, and nothing half done is left. The mirror is one that never answers.
apt_runs() { pgrep -f "$scratch/deaf/enomem/apt/conf" >/dev/null; }
apt_ended() { ! apt_runs; }
if command -v python3 >/dev/null; then
	python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(50); print(s.getsockname()[1], flush=True); time.sleep(120)' >"$scratch/port" &
	deaf=$!
	until_true 10 test -s "$scratch/port"
	for pair in INT:130 TERM:143; do
		command=(kernels fetch, SIG"${pair%:*}")
		env --default-signal=INT,TERM ENOMEM_DEBIAN_MIRROR="http://127.0.0.1:$(<"$scratch/port")/" XDG_CACHE_HOME="$scratch/deaf" \
			"$ENOMEM_BIN" kernels fetch debian:7.2 >"$scratch/out" 2>"$scratch/err" &
		fetcher=$!
		until_true 10 apt_runs || fail "interrupt" "apt-get running" "none"
		kill -"${pair%:*}" "$fetcher"
		status=0
		wait "$fetcher" || status=$?
		check_status "SIG${pair%:*}" "${pair#*:}"
		checks=$((checks + 1))
		until_true 3 apt_ended || fail "interrupt" "no apt-get" "one is left"
	done
	kill "$deaf"
fi

# ---- Caches that cannot be written
: >"$scratch/file"
run env XDG_CACHE_HOME="$scratch/file" "$ENOMEM_BIN" kernels fetch debian:7.2
check_status "the cache is a file" 2
check_has "the cache is a file" "cannot make directory $scratch/file"
run env XDG_CACHE_HOME="$scratch/file" "$ENOMEM_BIN" kernels show "$scratch/bzimage"
check_status "the cache is a file, show" 2
check_has "the cache is a file, show" "cannot make directory $scratch/file"
if ! is_root; then
	mkdir -m 500 "$scratch/sealed"
	run env XDG_CACHE_HOME="$scratch/sealed" "$ENOMEM_BIN" kernels fetch debian:7.2
	check_status "the cache may not be written" 2
	check_has "the cache may not be written" "set XDG_CACHE_HOME"
elif unshare --mount true 2>/dev/null; then
	mkdir "$scratch/small"
	# The index fits, the kernel does not.
	run unshare --mount bash -c 'mount -t tmpfs -o size=48k none "$1" && mkdir -p "$1/enomem/kernels" &&
		mount -t tmpfs -o size=8k none "$1/enomem/kernels" && mount -o remount,size=64m "$1" &&
		XDG_CACHE_HOME=$1 "$0" kernels fetch debian:7.2; status=$?; find "$1/enomem/kernels" -mindepth 1; exit $status' \
		"$ENOMEM_BIN" "$scratch/small"
	check_status "full" 2
	check_has "full" "No space left on device"
	check_has "full" "are needed there"
	check_lacks "full: nothing is left" "kernels/" out
	run unshare --mount bash -c 'mount -t tmpfs -o size=16k none "$1" && mkdir -p "$1/enomem/extracted" && head -c 16k /dev/zero >"$1/fill"
		XDG_CACHE_HOME=$1 "$0" kernels show "$2"; status=$?; find "$1/enomem/extracted" -mindepth 1; exit $status' \
		"$ENOMEM_BIN" "$scratch/small" "$scratch/bzimage"
	check_status "full, show" 2
	check_has "full, show" "No space left on device"
	check_has "full, show" "are needed there"
	check_lacks "full, show: nothing is left" "extracted/" out
	run unshare --mount bash -c 'mount -t tmpfs -o ro none "$1" && XDG_CACHE_HOME=$1 "$0" kernels fetch debian:7.2' \
		"$ENOMEM_BIN" "$scratch/small"
	check_status "read-only" 2
	check_has "read-only" "Read-only file system"
	check_has "read-only" "set XDG_CACHE_HOME"
fi

# ---- Debian's own archive, where it can be reached
unset ENOMEM_DEBIAN_MIRROR ENOMEM_DEBIAN_KEYRING
enomem kernels list --available --json
if [ "$status" -ne 0 ] || ! json -e '.available | length > 0' >/dev/null; then
	[ "$failures" -eq 0 ] || finish
	skip "Debian's archive cannot be reached: fetching from it was not tested ($checks other checks passed)"
fi
newest=$(json '[.available[] | select(.package | startswith("linux-binary"))][0].version')
enomem kernels fetch "debian:$newest"
check_status "from Debian" 0
check_has "from Debian" "$newest, fetched (vmlinux with PVH entry: " out
enomem kernels list --json
check "from Debian: it can be started directly" 1 "$(json --arg v "$newest" '[.kernels[] | select(.version == $v and .vmlinux_bytes > 20000000)] | length')"
enomem kernels verify
check_status "from Debian: verify" 0
finish
