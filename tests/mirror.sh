# A package archive of a few kilobytes in $mirror, as Debian's is laid out, and keys of our own. Source it after lib.sh.
# shellcheck shell=bash source=lib.sh

mirror=${scratch:?lib.sh comes first}/mirror
keyring=$scratch/keyring.gpg
export GNUPGHOME=$scratch/gnupg

make_key() {
	mkdir -p -m 700 -- "$GNUPGHOME"
	gpg --batch --quiet --passphrase '' --quick-gen-key "$1@example.org" ed25519 sign 1d 2>/dev/null
	gpg --batch --quiet --export "$1@example.org" >"$scratch/$1.gpg"
}

# le32 NUMBER, le16 NUMBER: little-endian, for put.
le32() { printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }
le16() { printf '\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)); }

# put FILE OFFSET ESCAPED-BYTES
put() { printf '%b' "$3" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none; }

# make_vmlinux FILE RELEASE: an ELF file with a PVH note and a banner, and nothing else.
make_vmlinux() {
	truncate -s 0 -- "$1"
	truncate -s 4096 -- "$1"
	put "$1" 0 '\x7fELF\x02\x01\x01'
	put "$1" 16 "$(le16 2)$(le16 62)"
	put "$1" 32 "$(le32 64)"            # program headers
	put "$1" 54 "$(le16 56)$(le16 1)"   # one of them
	put "$1" 64 "$(le32 4)"             # notes
	put "$1" 72 "$(le32 512)"           # where they are
	put "$1" 96 "$(le32 24)"            # and their size
	put "$1" 112 "$(le32 4)"
	put "$1" 512 "$(le32 4)$(le32 8)$(le32 18)Xen\\0"
	put "$1" 1024 "Linux version $2 (debian-kernel@lists.debian.org) #1\\n"
}

# make_bzimage FILE RELEASE VERSION: the setup header, and such a vmlinux packed with gzip.
make_bzimage() {
	make_vmlinux "$1.vmlinux" "$2"
	truncate -s 0 -- "$1"
	truncate -s 2560 -- "$1"
	gzip -9cn "$1.vmlinux" >>"$1"
	put "$1" 0x1f1 '\x04'
	put "$1" 0x202 HdrS
	put "$1" 0x206 "$(le16 0x20f)"
	put "$1" 0x20e "$(le16 0x400)"
	put "$1" 0x236 "$(le16 1)"
	put "$1" 0x24c "$(le32 $(($(stat -c %s "$1") - 2560)))"
	put "$1" 0x600 "$2 (debian-kernel@lists.debian.org) #1 SMP Debian $3 (2026-01-01)\\0"
}

# add_package PACKAGE VERSION PATH RELEASE: with a kernel at PATH in it.
add_package() {
	local tree=$scratch/tree deb=pool/$1_$2_amd64.deb
	rm -rf -- "$tree"
	mkdir -p -- "$tree/DEBIAN" "$tree/$(dirname -- "$3")" "$mirror/pool"
	printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: nobody <x@example.org>\nDescription: a kernel\n' \
		"$1" "$2" >"$tree/DEBIAN/control"
	make_bzimage "$scratch/bzimage" "$4" "$2"
	cp -- "$scratch/bzimage" "$tree/$3"
	dpkg-deb --root-owner-group -Z"${5:-xz}" --build "$tree" "$mirror/$deb" >/dev/null
	{
		cat "$tree/DEBIAN/control"
		printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$mirror/$deb")" "$(sha256 "$mirror/$deb")"
	} >>"$mirror/packages"
}

sha256() { sha256sum -- "$1" | cut -d ' ' -f 1; }

# publish KEY: what was added, in every suite, signed; KEY "none": not signed.
publish() {
	local suite where packages
	for suite in bullseye bookworm bookworm-backports trixie trixie-backports forky sid; do
		where=$mirror/dists/$suite
		packages=main/binary-amd64/Packages
		rm -rf -- "$where"
		mkdir -p -- "$where/main/binary-amd64"
		if [ "$suite" = sid ]; then cp -- "$mirror/packages" "$where/$packages"; else : >"$where/$packages"; fi
		printf 'Suite: %s\nCodename: %s\nDate: %s\nArchitectures: amd64\nComponents: main\nSHA256:\n %s %s %s\n' \
			"$suite" "$suite" "$(LC_ALL=C date -Ru)" "$(sha256 "$where/$packages")" \
			"$(stat -c %s "$where/$packages")" "$packages" >"$where/Release"
		[ "$1" = none ] || gpg --batch --quiet --local-user "$1@example.org" --clearsign \
			-o "$where/InRelease" "$where/Release"
	done
}
