#!/bin/bash
# `enomem compare`: real results that moved, small golden files, and files that are none.
. "$(dirname -- "$0")/lib.sh"
files=$source_tree/tests/compare

# again WHAT ARGUMENT...: the same files give the same bytes.
again() {
	cp "$scratch/out" "$scratch/first"
	enomem compare "${@:2}"
	check "$1: the same again" "" "$(cmp "$scratch/first" "$scratch/out" 2>&1)"
}

# Files that are wrong, in either place: the message names the file, and nothing is on stdout.
bad=()
while IFS='|' read -r name expected; do
	[[ $name != '#'* ]] || continue
	bad+=("$name")
	for place in after before; do
		pair=("$files/golden-7.0.jsonl" "$files/bad/$name")
		[ $place = after ] || pair=("${pair[1]}" "${pair[0]}")
		enomem compare "${pair[@]}"
		check_status "$name as $place" 2
		check "$name as $place: stdout" "" "$(cat "$scratch/out")"
		[ "$name" = nothing-in-common ] || check_has "$name as $place" "bad/$name: "
		IFS='|' read -ra fragments <<<"$expected"
		for fragment in "${fragments[@]}"; do check_has "$name as $place" "$fragment"; done
	done
done <"$files/expectations"
check "every bad file is expected" "$(cd "$files/bad" && printf '%s\n' * | sort)" "$(printf '%s\n' "${bad[@]}" | sort)"

# What is no file at all, and command lines that make no sense.
enomem compare "$files/golden-7.0.jsonl" "$scratch"
check_status "a directory" 2
check_has "a directory" "cannot read $scratch: Is a directory"
enomem compare "$files/golden-7.0.jsonl" "$scratch/none"
check_status "no file" 2
check_has "no file" "cannot read $scratch/none: No such file"
for arguments in "" "a" "a b c" "--format=xml a b" "--nonsense a b"; do
	# shellcheck disable=SC2086
	enomem compare $arguments
	check_status "compare $arguments" 2
	check "compare $arguments: stdout" "" "$(cat "$scratch/out")"
done
enomem compare --help
check_status "--help" 0
check_has "--help" "Exit status" out

# Small golden files of two kernels: paired without their environment.
enomem compare "$files/golden-7.0.jsonl" "$files/golden-7.1.jsonl"
check_status "two kernels" 1
check "two kernels" "$(cat "$files/golden.txt")" "$(cat "$scratch/out")"
check "two kernels: stderr" "" "$(cat "$scratch/err")"
again "two kernels" "$files/golden-7.0.jsonl" "$files/golden-7.1.jsonl"
enomem compare "$files/golden-7.0.jsonl" "$files/golden-7.0.jsonl"
check_status "the same file" 0
check "the same file" "3 pairs: 3 unchanged, 0 moved or changed" "$(cat "$scratch/out")"
enomem compare --format json "$files/golden-7.0.jsonl" "$files/golden-7.1.jsonl"
check_status "two kernels, JSON" 1
check_json "two kernels, JSON" "1 3 1 true 2 0" \
	'"\(.schema) \(.pairs) \(.unchanged) \(.environment_ignored) \(.moved | length) \(.missing | length)"'
check_json "two kernels, JSON" "1 null" '.moved[] | select(.scenario == "mprotect-splits") | "\(.difference) \(.explained)"'
again "two kernels, JSON" --format json "$files/golden-7.0.jsonl" "$files/golden-7.1.jsonl"

# A last line that is cut off: a warning, and the rest is compared.
{ cat "$files/golden-7.0.jsonl" && head -c 100 "$files/golden-7.0.jsonl"; } >"$scratch/cut.jsonl"
enomem compare "$files/golden-7.0.jsonl" "$scratch/cut.jsonl"
check_status "cut off" 0
check_has "cut off" "warning: $scratch/cut.jsonl: line 4 is cut off"

# Missing on either side.
head -n 2 "$files/golden-7.0.jsonl" >"$scratch/two.jsonl"
enomem compare "$files/golden-7.0.jsonl" "$scratch/two.jsonl"
check_status "missing after" 1
check_has "missing after" "missing in AFTER   oversized-mmap [default in vm:debian:7.0]" out
enomem compare "$scratch/two.jsonl" "$files/golden-7.0.jsonl"
check_status "missing before" 1
check_has "missing before" "missing in BEFORE  oversized-mmap [default in vm:debian:7.0]" out

# Output that gets nowhere, and a pipe as a file.
run bash -c '"$1" compare "$2" "$2" >/dev/full' - "$ENOMEM_BIN" "$files/golden-7.0.jsonl"
check_status "a full disk" 2
run bash -c '"$1" compare <(cat "$2") "$2"' - "$ENOMEM_BIN" "$files/golden-7.0.jsonl"
check_status "a pipe" 0

# Real results, moved by a limit from outside. (A sanitized tool does not start under one.)
limited() { # limited KIB FILE ARGUMENT...
	run bash -c 'ulimit -S -v "$1" && exec "${@:3}" -o "$2"' - "$1" "$2" "$ENOMEM_BIN" run "${@:3}"
	check_status "ulimit -v $1" 0
}
sanitized || {
	pages=(many-mmaps -p pages=4 -p protection=none)
	limited 400000 "$scratch/1" "${pages[@]}"
	limited 400000 "$scratch/2" "${pages[@]}"
	limited 300000 "$scratch/3" "${pages[@]}"
	limited 400000 "$scratch/4" many-mmaps mprotect-splits ulimit-v
	limited 200000 "$scratch/5" many-mmaps mprotect-splits ulimit-v
	enomem compare "$scratch/1" "$scratch/2"
	check_status "the same limit" 0
	enomem compare "$scratch/1" "$scratch/3"
	check_status "another limit" 1
	check_has "another limit" "operations (-6250)" out # 100000 KiB in four pages each
	check_has "another limit" "explained by rlimit.as 409600000 -> 307200000 bytes (predicted" out
	again "another limit" "$scratch/1" "$scratch/3"
	enomem compare --format json "$scratch/1" "$scratch/3"
	check_status "another limit, JSON" 1
	check_json "another limit, JSON" "-6250 true rlimit.as 409600000 307200000 -6250" \
		'.moved[] | "\(.difference) \(.explained) \(.by[] | "\(.fact) \(.before) \(.after)") \(.predicted | .after - .before)"'
	again "another limit, JSON" --format json "$scratch/1" "$scratch/3"
	enomem compare --format json "$scratch/4" "$scratch/5"
	check_status "another check" 1
	check_json "another check" "map-count rlimit-as true" \
		'.moved[] | select(.scenario == "many-mmaps") | "\(.before.check) \(.after.check) \(.explained)"'
	# A kernel that did otherwise than the model says.
	jq -c '.refusal.accepted -= 3' "$scratch/1" >"$scratch/6"
	enomem compare "$scratch/1" "$scratch/6"
	check_status "no reason" 1
	check_has "no reason" "operations (-3)" out
	check_has "no reason" "NOT explained: the model predicts no change" out
}
finish
